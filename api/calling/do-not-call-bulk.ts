import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { badField } from '../../core/errors.ts';
import { type ListOutcome, MAX_FILE_NUMBERS, suppressFile, suppressPhones } from '../../service/do-not-call-list.ts';
import { removeUpload } from '../../service/storage.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { HOUR_MS } from '../plugin/limits.ts';
import { NOT_BLANK } from '../plugin/schema.ts';
import { acceptForms, type CsvForm, receiveCsv } from '../plugin/upload.ts';
import { compileValidator } from '../plugin/validator.ts';
import { BODY_ERRORS, errors, Told, told } from './dialect.ts';

const MAX_PHONES = 10_000;
/** A form's fields end at 1,000 bytes: what is cut there is longer than this and refused, not kept by halves. */
const MAX_REASON_LENGTH = 300;

/** Why a number is listed or released, in a person's words. */
export const Reason = Type.String({ minLength: 1, maxLength: MAX_REASON_LENGTH, pattern: NOT_BLANK, examples: ['Asked by e-mail'] });

const Outcome = Type.Object({
  added: Type.Integer(),
  alreadyListed: Type.Integer({ description: 'On the list before, or earlier in the same request' }),
  rejected: Type.Array(Type.Object({ row: Type.Integer(), phone: Type.String(), reason: Type.String() }), {
    description: 'The first 100. `row` is the place in `phones`, or the line of the file, counted from 1',
  }),
  rejectedCount: Type.Integer(),
});

const Phones = Type.Object({
  phones: Type.Array(Type.String(), { minItems: 1, maxItems: MAX_PHONES, description: 'E.164', examples: [['+919876543210']] }),
  reason: Type.Optional(Reason),
});
const Form = Type.Object({ file: Type.String({ format: 'binary', description: 'CSV file' }), reason: Type.Optional(Reason) });
const FORM_TYPE = 'multipart/form-data';

/** Many numbers for the do-not-call list at once: as JSON, or as the CSV file that they come in. */
export function bulkDoNotCallRoutes(scope: App, { runtime, limits }: Pick<Api, 'runtime' | 'limits'>): void {
  scope.register(async (forms: App) => {
    await acceptForms(forms);
    // a form is read as it streams in; its schema is for readers
    forms.setValidatorCompiler<TSchema>((route) => (route.contentType === FORM_TYPE ? () => true : compileValidator(route)));

    forms.post(
      '/do-not-call/bulk',
      {
        config: { repeatable: true },
        onRequest: limits.perUser('do not call bulk', { max: 60, windowMs: HOUR_MS }),
        schema: {
          tags: ['Do Not Call'],
          summary: 'Add many numbers',
          description:
            `Up to ${MAX_PHONES} numbers as JSON, or a CSV file of up to ${MAX_FILE_NUMBERS} with a column \`phoneNumber\` or \`phone\`, or with ` +
            'only one column. Every good number is listed and every bad one reported. Should it fail half-way, send it again: what is listed stays so.',
          consumes: ['application/json', FORM_TYPE],
          body: { content: { 'application/json': { schema: Phones }, [FORM_TYPE]: { schema: Form } } },
          response: { 200: Told(Outcome, 'What became of them'), ...errors(...BODY_ERRORS) },
        },
      },
      async (request) => {
        const who = principalOf(request);
        if (request.isMultipart()) {
          const form = await receiveCsv(request, runtime, who.tenantId);
          return tellOutcome(await suppressFile(runtime, who, form.file, await reasonOf(runtime, form)));
        }
        // without any body there is no content type to find the schema by
        if (request.body === undefined || request.body === null) throw badField('phones', 'is required');
        const { phones, reason } = request.body as Static<typeof Phones>;
        return tellOutcome(await suppressPhones(runtime, who, phones, reason));
      },
    );
  });
}

/** @throws AppError naming `reason`; the file is then removed */
async function reasonOf({ config }: Api['runtime'], { file, fields: { reason } }: CsvForm): Promise<string | undefined> {
  const isFine = reason === undefined || (reason.trim() !== '' && reason.length <= MAX_REASON_LENGTH && !reason.includes('\0'));
  if (isFine) return reason;
  await removeUpload(config, file.storageKey);
  throw badField('reason', `must be a text of 1 to ${MAX_REASON_LENGTH} characters`);
}

function tellOutcome(outcome: ListOutcome) {
  const { added, alreadyListed, rejectedCount } = outcome;
  return told(`${added} added, ${alreadyListed} on the list already, ${rejectedCount} rejected`, outcome);
}
