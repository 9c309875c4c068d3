import { type Static, Type } from '@sinclair/typebox';
import { formatId } from '../../core/id.ts';
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
import { acceptForms } from '../plugin/upload.ts';
import { Data, data, dataPage, DataPage, errors } from './dialect.ts';

const ids = { importId: Type.String({ examples: ['import_1'] }), campaignId: Type.String({ examples: ['campaign_1'] }) };
const Outcome = Type.Object({ ...ids, ...uploads.OutcomeFields, error: uploads.ImportFields.error });
const Import = Type.Object({ ...ids, ...uploads.ImportFields });
const Params = Type.Object({ id: Type.String({ maxLength: 40, description: '`import_1` or `1`' }) });
const tags = ['Contacts'];
/** How far an upload is nobody notes before its end. */
const config = { cached: false } as const;

/** The upload of contacts (omnivox.md "Bulk operations"), and what became of it. Beside the document. */
export function contactUploadRoutes(scope: App, api: Api): void {
  const { runtime } = api;

  scope.register(async (forms: App) => {
    await acceptForms(forms);
    // forms are read as they stream in; their schemas are for readers
    forms.setValidatorCompiler(() => () => true);
    forms.post(
      '/api/v1/contacts/bulk-upload',
      {
        config: { repeatable: true },
        onRequest: bulkLimit(api),
        preValidation: atLeast('manager'),
        schema: {
          tags,
          summary: 'Upload contacts from CSV or XLSX',
          description: uploads.uploadHelp('customFields'),
          consumes: ['multipart/form-data'],
          body: uploads.UploadForm,
          response: { 200: Data(Outcome, 'What became of the rows'), ...errors(400, 403, 413, 415, 422) },
        },
      },
      async (request) => {
        const { importId, campaignId, ...shown } = presentImport(await uploads.receiveContacts(request, runtime));
        return data({ importId, campaignId, ...uploads.presentOutcome(shown), error: shown.error });
      },
    );
  });

  scope.get(
    '/api/v1/contacts/imports',
    {
      config,
      schema: {
        tags,
        summary: 'List uploads of contacts',
        description: 'Newest first.',
        querystring: Type.Object(PageQuery({ limit: 50, maximum: 100 })),
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
    '/api/v1/contacts/imports/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Get an upload of contacts',
        description: 'How far it is, and what became of its rows.',
        params: Params,
        response: { 200: Data(Import, 'The upload'), ...errors(400, 404) },
      },
    },
    async (request) => data(presentImport(await uploads.importOf(request, runtime, request.params.id))),
  );

  scope.get(
    '/api/v1/contacts/imports/:id/errors.csv',
    {
      config,
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
  const importId = formatId('import', record.id);
  const shown = uploads.presentImport(record, `/api/v1/contacts/imports/${importId}/errors.csv`);
  return { importId, campaignId: formatId('campaign', record.options.campaignId), ...shown };
}
