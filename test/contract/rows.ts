/** What the tables of several documents have in common. */
import type { BuiltEndpoint, Fields, Place, Wrong } from './endpoint.ts';

/** The answer of a list that says which page it is, in documents that call its parts so. */
export const PAGINATION = {
  'pagination.page': 'integer',
  'pagination.limit': 'integer',
  'pagination.total': 'integer',
  'pagination.totalPages': 'integer',
  'pagination.hasNext': 'boolean',
  'pagination.hasPrev': 'boolean',
} as const satisfies Fields;

type Given = 'built' | keyof Place | 'auth' | 'example';

/** How a document's rows are written: an endpoint with a Bearer token and nothing to send, and refusals of bad bodies and queries. */
export function rowsFor<Code extends string, W>(validationCode: Code) {
  const built = (
    section: string,
    method: Place['method'],
    path: string,
    rest: Omit<BuiltEndpoint<Code, W>, Given> & Partial<BuiltEndpoint<Code, W>>,
  ): BuiltEndpoint<Code, W> => ({ built: true, section, method, path, auth: 'bearer', example: () => ({}), ...rest });

  const invalid = (
    what: string,
    field: string,
    example: Wrong<Code, W>['example'],
    more: Partial<Wrong<Code, W>> = {},
  ): Wrong<Code, W> => ({ what, example, status: 422, code: validationCode, field, ...more });

  const badQuery = (what: string, field: string, value: string) =>
    invalid(what, field, () => ({ query: { [field]: value } }), { status: 400 });

  return { built, invalid, badQuery };
}
