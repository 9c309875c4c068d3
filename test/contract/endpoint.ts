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
  | 'agent id'
  | 'call id'
  | 'import id'
  | 'phone id'
  | 'schedule id'
  | 'user id';
export type FieldType = Kind | `${Kind}|null` | readonly string[];

/** By path: `data.calls[]._id` is the `_id` of every element of `calls`; the list must then have one. */
export type Fields = Readonly<Record<string, FieldType>>;

/** What stands ready before the examples are sent; ids in the wire's own form. */
export interface World {
  email: string;
  password: string;
  userId: string;
  agentId: string;
  otherAgentId: string;
  /** for whoever deletes it */
  spareAgentId: string;
  phoneId: string;
  /** a phone number that is registered */
  takenNumber: string;
  /** was talked through to its end */
  talkedCallId: string;
  waitingCallId: string;
  /** was busy; a retry of it waits */
  missedCallId: string;
  /** recurring, for years ahead */
  scheduleId: string;
  /** was read to its end; one of its rows is bad */
  importId: string;
}

/** The documented example, with real ids in place of the sample ones. */
export interface Example {
  params?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, string>>;
  json?: Readonly<Record<string, unknown>>;
  form?: Readonly<Record<string, string | File>>;
}

/** One way to ask wrongly. What is given replaces that part of the example. */
export interface Wrong<Code extends string> {
  what: string;
  example: (world: World) => Example;
  status: number;
  code: Code;
  /** named in the answer */
  field?: string;
}

interface Place {
  /** the document's chapter */
  section: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** below the base, with `:name` parameters */
  path: string;
}

export interface BuiltEndpoint<Code extends string = string> extends Place {
  built: true;
  auth: 'bearer' | 'none';
  example: (world: World) => Example;
  /** fields of the request without which it is refused */
  required?: readonly string[];
  status: number;
  /** the documented words, when it has some */
  message?: string;
  fields: Fields;
  /** names of what we put beside the documented `data` */
  beside?: readonly string[];
  /** documented elsewhere, for routes that several documents share (DESIGN §5) */
  shared?: { topLevel: readonly string[]; errors: Fields; validationStatus: number };
  wrong?: ReadonlyArray<Wrong<Code>>;
}

export interface LaterEndpoint extends Place {
  built: false;
}

export type Endpoint<Code extends string = string> = BuiltEndpoint<Code> | LaterEndpoint;

export interface Contract<Code extends string = string> {
  surface: 'admin' | 'dialer' | 'calling' | 'dashboard' | 'omnivox';
  /** file name of the document */
  document: string;
  base: string;
  /** of every error answer */
  errorFields: Fields;
  errorCodes: readonly Code[];
  /** status of a readable body that is wrong */
  validationStatus: number;
  limitHeaders: readonly string[];
  /** requests per window, by documented kind */
  limits: Readonly<Record<string, number>>;
  endpoints: ReadonlyArray<Endpoint<Code>>;
}

/** Only what is built. */
export function builtEndpoints<Code extends string>(contract: Contract<Code>): Array<BuiltEndpoint<Code>> {
  return contract.endpoints.flatMap((endpoint) => (endpoint.built ? [endpoint] : []));
}

/** `GET /agents/:id` */
export function nameOf({ method, path }: Pick<Endpoint, 'method' | 'path'>): string {
  return `${method} ${path}`;
}
