export type Scalar = string | number | boolean;
/** What an expression can be; null: there is none. */
export type Value = Scalar | readonly Scalar[] | null;

/** All that a flow can know while a call goes on. */
export interface Facts {
  /** what the callee said last */
  input: string | null;
  /** the key they pressed last */
  digits: string | null;
  /** they neither spoke nor pressed a key */
  silence: boolean;
  /** how the last transfer went */
  transfer: 'talked' | 'no_answer' | 'busy' | 'failed' | null;
  /** whether the last webhook was answered with success */
  webhook: boolean | null;
  contact: {
    firstName: string | null;
    lastName: string | null;
    name: string | null;
    email: string | null;
    /** E.164 */
    phone: string;
    status: string | null;
    tags: readonly string[];
    customFields: Readonly<Record<string, unknown>>;
  };
  call: {
    /** which dial of this person it is, from 1 */
    attempt: number;
    context: string | null;
    /** E.164 */
    to: string;
    /** E.164 */
    from: string | null;
  };
  /** what the flow has set itself */
  vars: Readonly<Record<string, Scalar>>;
}

/** What only an answer of the callee can tell. */
export const HEARD: readonly string[] = ['input', 'digits', 'silence'];

const PLAIN = ['input', 'digits', 'silence', 'transfer', 'webhook'];
const CONTACT = ['firstName', 'lastName', 'name', 'email', 'phone', 'status', 'tags'];
const CALL = ['attempt', 'context', 'to', 'from'];
const MEMBERS = new Map([
  ['contact', [...CONTACT, 'customFields.…']],
  ['call', CALL],
]);
/** `custom.x` is short for `contact.customFields.x` */
const OPEN = ['custom', 'vars'];

/** What is wrong with the name of a variable, if anything is. */
export function variableFault(path: readonly string[]): string | undefined {
  const [root = '', member, third] = path;
  const known = () => {
    if (PLAIN.includes(root)) return path.length === 1;
    if (OPEN.includes(root)) return path.length === 2;
    if (root === 'call') return path.length === 2 && CALL.includes(member ?? '');
    if (root !== 'contact') return false;
    return member === 'customFields' ? third !== undefined && path.length === 3 : path.length === 2 && CONTACT.includes(member ?? '');
  };
  if (known()) return undefined;
  const members = MEMBERS.get(root);
  const choice = members?.map((name) => `${root}.${name}`) ?? [...PLAIN, ...OPEN.map((name) => `${name}.…`), 'contact.…', 'call.…'];
  return `there is no variable ${path.join('.')} (there are ${choice.join(', ')})`;
}

/** The value of a variable; null for what is missing, also for a name that does not exist. */
export function lookUp(facts: Facts, path: readonly string[]): Value {
  const full = path[0] === 'custom' ? ['contact', 'customFields', ...path.slice(1)] : path;
  let found: unknown = facts;
  for (const name of full) {
    // own members only: nothing of an object's prototype can be reached
    if (typeof found !== 'object' || found === null || Array.isArray(found) || !Object.hasOwn(found, name)) return null;
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  return Array.isArray(found) ? found.filter(isScalar) : isScalar(found) ? found : null;
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
}
