/** The form in which the documents of the five surfaces are written down as data. */

/** What an answer's field holds. A list names the words it may be; `|null` where the fact may not exist (yet). */
type Kind =
  | 'text'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'time'
  | 'phone'
  | 'percent'
  | 'list'
  | 'object'
  | 'agent id'
  | 'call id'
  | 'campaign id'
  | 'contact id'
  | 'doc id'
  | 'flow id'
  | 'import id'
  | 'phone id'
  | 'schedule id'
  | 'session id'
  | 'tenant id'
  | 'user id';
export type FieldType = Kind | `${Kind}|null` | readonly string[];

/** By path: `data.calls[]._id` is the `_id` of every element of `calls`; the list must then have one. */
export type Fields = Readonly<Record<string, FieldType>>;

/** The documented example, with real ids in place of the sample ones. */
export interface Example {
  params?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, string>>;
  json?: Readonly<Record<string, unknown>>;
  form?: Readonly<Record<string, string | File>>;
}

/** One way to ask wrongly. What is given replaces that part of the example. */
export interface Wrong<Code extends string, W> {
  what: string;
  example: (world: W) => Example;
  status: number;
  code: Code;
  /** named in the answer */
  field?: string;
}

export interface Place {
  /** the document's chapter */
  section: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** below the base, with `:name` parameters */
  path: string;
}

export interface BuiltEndpoint<Code extends string, W> extends Place {
  built: true;
  auth: 'bearer' | 'none';
  example: (world: W) => Example;
  /** fields of the request without which it is refused */
  required?: readonly string[];
  status: number;
  /** the documented words, when it has some */
  message?: string;
  fields: Fields;
  /** the answer is not in the surface's envelope: no `success` */
  bare?: boolean;
  /** the answer is no JSON but this */
  type?: RegExp;
  /** a route that tells nothing of limits */
  withoutHeaders?: boolean;
  /** fields that come back as something new */
  renews?: readonly string[];
  /** names of what we put beside the documented `data` */
  beside?: readonly string[];
  /** documented elsewhere, for routes that several documents share (DESIGN §5) */
  shared?: {
    topLevel: readonly string[];
    errors: Fields;
    validationStatus: number;
    /** its own, where the table's are others */
    guardCodes?: Readonly<Record<'missing' | 'bad' | 'expired', Code>>;
  };
  wrong?: ReadonlyArray<Wrong<Code, W>>;
}

export interface LaterEndpoint extends Place {
  built: false;
}

export type Endpoint<Code extends string, W> = BuiltEndpoint<Code, W> | LaterEndpoint;

/** `W`: what stands ready before the examples are sent; ids in the wire's own form. */
export interface Contract<Code extends string, W> {
  surface: 'admin' | 'dialer' | 'calling' | 'dashboard' | 'omnivox';
  /** file name of the document */
  document: string;
  base: string;
  /** any ids and texts: what a world looks like */
  sample: W;
  /** codes of requests without a token, with a bad one, with an expired one, and for what is not there */
  guardCodes: Readonly<Record<'missing' | 'bad' | 'expired' | 'notFound', Code>>;
  /** of every error answer */
  errorFields: Fields;
  /** of those that say more */
  detailFields?: Fields;
  /** where errors come in several forms, of which each answer has one */
  errorForms?: readonly Fields[];
  /** where answers have no `success` and errors no `error.code`: what an error is told by */
  codeOf?: (body: unknown) => string | undefined;
  /** what is sent to prove who asks, where it is no Bearer token */
  proof?: (token: string) => Readonly<Record<string, string>>;
  /** what somebody else hears of what is not theirs, where it is not that there is nothing */
  forStrangers?: { status: number; code: Code };
  /** characters of the longest id that is looked for; default: 40 */
  longestId?: number;
  /** whole error answers as the document shows them, by status */
  errorSamples?: Readonly<Record<number, object>>;
  /** where the documented models are found: in which row's answer, and at which path */
  models?: Readonly<Record<string, { row: string; at: string }>>;
  errorCodes: readonly Code[];
  /** status of a readable body that is wrong */
  validationStatus: number;
  limitHeaders: readonly string[];
  /** requests per window, by documented kind */
  limits: Readonly<Record<string, number>>;
  endpoints: ReadonlyArray<Endpoint<Code, W>>;
}

/** Only what is built. */
export function builtEndpoints<Code extends string, W>(contract: Contract<Code, W>): Array<BuiltEndpoint<Code, W>> {
  return contract.endpoints.flatMap((endpoint) => (endpoint.built ? [endpoint] : []));
}

/** `GET /agents/:id` */
export function nameOf({ method, path }: Pick<Place, 'method' | 'path'>): string {
  return `${method} ${path}`;
}
