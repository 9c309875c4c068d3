import { type Static, Type } from '@sinclair/typebox';
import { offsetWithin } from '../../core/page.ts';
import type { ContactImportRecord } from '../../db/query/contact-imports.ts';
import { getContactImports } from '../../service/contact-import.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { bulkLimit } from '../plugin/bulk-limit.ts';
import * as uploads from '../plugin/contact-upload.ts';
import { principalOf } from '../plugin/guard.ts';
import { atLeast } from '../plugin/roles.ts';
import { PageQuery } from '../plugin/schema.ts';
import { Data, data, dataPage, DataPage, errors, Told, told } from './dialect.ts';

const ids = { importId: Type.Integer(), campaignId: Type.Integer() };
const Outcome = Type.Object({ ...ids, ...uploads.OutcomeFields });
const Import = Type.Object({ ...ids, ...uploads.ImportFields });
const Params = Type.Object({ id: Type.String({ maxLength: 40, description: '`1` or `import_1`' }) });

/** The upload of leads, and what became of it. */
export function leadUploadRoutes(scope: App, api: Api): void {
  const { runtime } = api;
  const tags = ['Leads'];

  scope.register(async (forms: App) => {
    // forms are read as they stream in; their schemas are for readers
    forms.setValidatorCompiler(() => () => true);
    forms.post(
      '/leads/bulk-upload',
      {
        config: { repeatable: true },
        onRequest: bulkLimit(api),
        preValidation: atLeast('manager'),
        schema: {
          tags,
          summary: 'Upload leads from CSV or XLSX',
          description: uploads.uploadHelp('metadata'),
          consumes: ['multipart/form-data'],
          body: uploads.UploadForm,
          response: { 200: Told(Outcome, 'What became of the rows'), ...errors(400, 403, 413, 415, 422) },
        },
      },
      async (request) => {
        const done = await uploads.receiveContacts(request, runtime);
        const { importId, campaignId, ...shown } = presentImport(done);
        const message = done.error === null ? 'Leads imported successfully' : `The file could be read in part only. ${done.error}`;
        return told(message, { importId, campaignId, ...uploads.presentOutcome(shown) });
      },
    );
  });

  scope.get(
    '/leads/imports',
    {
      schema: {
        tags,
        summary: 'List uploads of leads',
        description: 'Newest first.',
        querystring: Type.Object(PageQuery({ limit: 20, maximum: 100 })),
        response: { 200: DataPage(Import, 'A page of uploads'), ...errors(400) },
      },
    },
    async (request) => {
      const { limit } = request.query;
      const place = { limit, offset: offsetWithin(request.query) };
      const { rows, total } = await getContactImports(runtime, principalOf(request).tenantId, place);
      return dataPage(rows.map(presentImport), total, request.query);
    },
  );

  scope.get(
    '/leads/imports/:id',
    {
      schema: {
        tags,
        summary: 'Get an upload of leads',
        description: 'How far it is, and what became of its rows.',
        params: Params,
        response: { 200: Data(Import, 'The upload'), ...errors(400, 404) },
      },
    },
    async (request) => data(presentImport(await uploads.importOf(request, runtime, request.params.id))),
  );

  scope.get(
    '/leads/imports/:id/errors.csv',
    {
      schema: {
        tags,
        ...uploads.BAD_ROWS,
        params: Params,
        querystring: uploads.BadRowsQuery,
        response: { 200: uploads.BadRows, ...errors(400, 404) },
      },
    },
    async (request, reply) =>
      uploads.sendBadRows(reply, runtime, await uploads.importOf(request, runtime, request.params.id), request.query.all),
  );
}

function presentImport(record: ContactImportRecord): Static<typeof Import> {
  const { id, options } = record;
  return { importId: id, campaignId: options.campaignId, ...uploads.presentImport(record, `/api/leads/imports/${id}/errors.csv`) };
}
