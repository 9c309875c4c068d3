import { type TSchema, Type } from '@sinclair/typebox';
import {
  attachRecording,
  deleteRecording,
  discardAudio,
  keepRecordings,
  openRecording,
  receiveAudio,
  recordingSettings,
} from '../../service/recordings.ts';
import { readAudio } from '../../service/recording-store.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { readId } from '../plugin/given-id.ts';
import { principalOf } from '../plugin/guard.ts';
import { sendFile } from '../plugin/range.ts';
import { atLeast } from '../plugin/roles.ts';
import { Nullable } from '../plugin/schema.ts';
import { receiveForm } from '../plugin/upload.ts';
import { Data, data, Done, done, errors, Told, told } from './dialect.ts';

const Params = Type.Object({ id: Type.String({ maxLength: 40, description: '`1` or `recording_1`' }) });

const Uploaded = Type.Object({
  callId: Type.Integer(),
  recordingUrl: Type.String({ examples: ['/api/recordings/1'] }),
  filename: Type.String({ examples: ['recording_1_20251113_093000.webm'] }),
  size: Type.Integer({ description: 'Bytes' }),
});

const Settings = Type.Object({
  retentionDays: Nullable(Type.Integer(), 'null: the default of this installation; 0: recordings are kept for ever'),
  effectiveRetentionDays: Type.Integer({ description: 'What counts now' }),
});

/** The audio of calls: uploaded, or fetched from the carrier. */
export function recordingRoutes(scope: App, api: Api): void {
  uploadRoute(scope, api);
  audioRoutes(scope, api);
  settingsRoutes(scope, api);
}

function uploadRoute(scope: App, { runtime }: Api): void {
  scope.register(async (forms: App) => {
    // a form is read as it streams in; its schema is for readers
    forms.setValidatorCompiler<TSchema>(() => () => true);
    forms.post(
      '/calls/upload-recording',
      {
        schema: {
          tags: ['Calls'],
          summary: 'Upload recording',
          description:
            `Form fields: \`callId\`; \`recording\`, a WebM, Ogg, WAV, MP3, M4A, AAC or FLAC file of up to ${runtime.config.RECORDING_MAX_BYTES} bytes, which ` +
            'its content must show. Who has the role agent uploads to their own calls. The latest recording of a call is the one that is shown with it.',
          consumes: ['multipart/form-data'],
          body: Type.Object({ callId: Type.Union([Type.Integer(), Type.String()]), recording: Type.String({ format: 'binary' }) }),
          response: { 200: Told(Uploaded, 'Stored'), ...errors(400, 403, 404, 413, 415, 422) },
        },
      },
      async (request) => {
        const who = principalOf(request);
        const { file, fields } = await receiveForm(request, {
          name: 'recording',
          maxBytes: runtime.config.RECORDING_MAX_BYTES,
          store: (part) => receiveAudio(runtime, who, part.file),
          discard: (audio) => discardAudio(runtime, audio),
          read: ({ key }) => readAudio(runtime.config, key),
        });
        try {
          const callId = readId('call', fields.callId ?? '');
          const { id, fileName, sizeBytes } = await attachRecording(runtime, who, callId, file);
          const recordingUrl = `/api/recordings/${id}`;
          return told('Recording uploaded successfully', { callId, recordingUrl, filename: fileName, size: sizeBytes });
        } catch (error) {
          await discardAudio(runtime, file);
          throw error;
        }
      },
    );
  });
}

function audioRoutes(scope: App, { runtime }: Api): void {
  const tags = ['Calls'];
  const audio = { content: { 'audio/*': { schema: Type.String({ format: 'binary' }) } } };

  scope.get(
    '/recordings/:id',
    {
      schema: {
        tags,
        summary: 'Get recording',
        description:
          'The audio, to be played or saved. `Range` with a single range of bytes gets that part; several, or none, the whole file. 416, without a body: ' +
          'the file has no such bytes. Who has the role agent hears their own calls.',
        params: Params,
        response: {
          200: { description: 'The audio', ...audio },
          206: { description: 'A part of it', ...audio },
          416: { description: 'No such bytes', ...audio },
          ...errors(400, 403, 404),
        },
      },
    },
    async (request, reply) => {
      const { recording, sizeBytes, read } = await openRecording(runtime, principalOf(request), request.params.id);
      const { id, mimeType, fileName } = recording;
      return sendFile(request, reply, { sizeBytes, mimeType, fileName, tag: `recording-${id}`, read });
    },
  );

  scope.delete(
    '/recordings/:id',
    {
      preValidation: atLeast('manager'),
      schema: {
        tags,
        summary: 'Delete recording',
        description: 'The audio is gone at once. For managers and higher.',
        params: Params,
        response: { 200: Done('Deleted'), ...errors(400, 403, 404) },
      },
    },
    async (request) => {
      await deleteRecording(runtime, principalOf(request), request.params.id);
      return done('Recording deleted successfully');
    },
  );
}

function settingsRoutes(scope: App, { runtime }: Api): void {
  const tags = ['Settings'];
  const read = async (request: Parameters<typeof principalOf>[0]) => {
    const { own, days } = await recordingSettings(runtime, principalOf(request));
    return { retentionDays: own, effectiveRetentionDays: days };
  };

  scope.get(
    '/settings/recordings',
    {
      preValidation: atLeast('admin'),
      schema: {
        tags,
        summary: 'Get recording settings',
        description: 'How long recordings are kept. For admins.',
        response: { 200: Data(Settings, 'The settings'), ...errors(403) },
      },
    },
    async (request) => data(await read(request)),
  );

  scope.put(
    '/settings/recordings',
    {
      preValidation: atLeast('admin'),
      schema: {
        tags,
        summary: 'Update recording settings',
        description: 'Recordings older than so many days, also those that are here already, are deleted within the hour. For admins.',
        body: Type.Object(
          { retentionDays: Type.Union([Type.Integer({ minimum: 0, maximum: 36_500 }), Type.Null()]) },
          { additionalProperties: false },
        ),
        response: { 200: Told(Settings, 'Updated'), ...errors(400, 403, 413, 415, 422) },
      },
    },
    async (request) => {
      await keepRecordings(runtime, principalOf(request), request.body.retentionDays);
      return told('Recording settings updated successfully', await read(request));
    },
  );
}
