import { Type } from '@sinclair/typebox';
import { formatId, parseId } from '../../core/id.ts';
import { MAX_NUMBERS, readPhoneImport, startPhoneImport } from '../../service/phone-import.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { Nullable, OneOf, Timestamp } from '../plugin/schema.ts';
import { errors } from './dialect.ts';

const STATUSES = ['pending', 'processing', 'completed', 'failed'] as const;

/** Numbers in bulk, imported by a worker. */
export function phoneImportRoutes(scope: App, { runtime }: Api): void {
  const tags = ['Phone Management'];
  const security = [{ bearer: [] }];

  scope.post(
    '/admin/phones/import',
    {
      schema: {
        tags,
        security,
        summary: 'Import phones',
        description:
          'Queues a list of numbers for the administrator’s own account, from where `set_agent` gives them to agents. What is no E.164 number, ' +
          'or is refused by the phone company, stands in the import’s report (`GET /admin/phones/import/{jobId}`).',
        body: Type.Object({
          phones: Type.Array(Type.String(), { minItems: 1, maxItems: MAX_NUMBERS, examples: [['+14155550100', '+14155550101']] }),
        }),
        response: {
          202: Type.Object(
            {
              message: Type.String(),
              result: Type.Object({ jobId: Type.String({ examples: ['import_12'] }), status: Type.Literal('pending') }),
            },
            { description: 'Queued' },
          ),
          ...errors(400, 401, 403, 413, 415),
        },
      },
    },
    async (request, reply) => {
      const importId = await startPhoneImport(runtime, principalOf(request), request.body.phones);
      return reply
        .code(202)
        .send({ message: 'Import queued', result: { jobId: formatId('import', importId), status: 'pending' as const } });
    },
  );

  scope.get(
    '/admin/phones/import/:jobId',
    {
      schema: {
        tags,
        security,
        summary: 'Read an import',
        description: 'How far it is, and the first thousand of its bad numbers.',
        params: Type.Object({ jobId: Type.String({ minLength: 1, maxLength: 50, examples: ['import_12'] }) }),
        response: {
          200: Type.Object(
            {
              jobId: Type.String(),
              status: OneOf(STATUSES),
              total: Type.Integer({ description: 'Numbers in the list' }),
              processed: Type.Integer(),
              imported: Type.Integer(),
              duplicates: Type.Integer({ description: 'Came twice in the list, or some account has them already' }),
              failed: Type.Integer(),
              error: Nullable(Type.String(), 'Why the whole import failed'),
              errors: Type.Array(
                Type.Object({
                  row: Type.Integer({ description: 'Its place in the list, from 1' }),
                  phone: Type.String(),
                  message: Type.String(),
                }),
              ),
              createdAt: Timestamp(),
              completedAt: Nullable(Timestamp(), 'null: it is not over'),
            },
            { description: 'The import' },
          ),
          ...errors(400, 401, 403, 404),
        },
      },
    },
    async (request) => {
      const { found, faults } = await readPhoneImport(runtime, parseId('import', request.params.jobId));
      return {
        jobId: formatId('import', found.id),
        status: found.status,
        total: found.totalRows,
        processed: found.processedRows,
        imported: found.successfulRows,
        duplicates: found.duplicateRows,
        failed: found.failedRows,
        error: found.error,
        errors: faults.map(({ row, value, message }) => ({ row, phone: value, message })),
        createdAt: found.createdAt.toISOString(),
        completedAt: found.completedAt?.toISOString() ?? null,
      };
    },
  );
}
