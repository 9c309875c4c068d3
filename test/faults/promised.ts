/** What the clients of a fault run were told, and when: the other side of every promise that the judge looks into. */

export type Account = 'normal' | 'tiny' | 'dry' | 'refill' | 'hours' | 'campaigns';

/** A call that was asked for. `tag` is its context, so its row is found however the request ended. */
export interface AskedCall {
  tag: string;
  account: Account;
  to: string;
  /** `accepted`: answered with 2xx; `unsure`: no answer or a 5xx, so it may or may not have been taken */
  outcome: 'accepted' | 'unsure';
  /** undefined when unsure, and for the rows of a file */
  callId: number | undefined;
}

export interface AskedImport {
  account: Account;
  outcome: 'accepted' | 'unsure';
  importId: number | undefined;
  good: AskedCall[];
  /** lines of the file, as a person counts them, that must be reported */
  badRows: number[];
  /** the moment for which all good rows ask, epoch ms */
  dueAtMs: number;
}

/** A word that was given at a moment of the harness's clock, epoch ms: from then on it must hold. */
export interface Cancelled {
  callId: number;
  answeredAtMs: number;
}

export interface Suppressed {
  account: Account;
  to: string;
  answeredAtMs: number;
}

export interface PlannedSchedule {
  scheduleId: number;
  /** how often it must have fired when all is quiet: a run that was missed many times fires once */
  runs: number;
}

/** A request that had to be refused: another tenant's id (promise 7), or nonsense (promise 8). */
export interface Probe {
  promise: 7 | 8;
  what: string;
  /** the refusal that is right */
  expected: readonly number[];
  /** undefined: no answer */
  status: number | undefined;
}

/** Somebody that a campaign was asked to call. Its number is its name: it comes up nowhere else. */
export interface AskedLead {
  phone: string;
  /** it is night there as long as the run goes on */
  isShut: boolean;
  outcome: 'accepted' | 'unsure';
  /** undefined when unsure, and for the rows of a file */
  leadId: number | undefined;
  /** from the first request for it to the last answer */
  askedAtMs: number;
  answeredAtMs: number;
}

export interface AskedCampaign {
  campaignId: number;
  /** who talks: an AI agent, or the people of the account */
  kind: 'ai' | 'people';
  maxAttempts: number;
  leads: AskedLead[];
  /** from the answer to a pause until it was asked to go on; Infinity while nobody has */
  pauses: Array<{ answeredAtMs: number; resumeAskedAtMs: number }>;
}

/** A lead that was deleted or said to be not interested: it is not dialed from then on. */
export interface Parting {
  leadId: number;
  how: 'deleted' | 'not_interested';
  answeredAtMs: number;
}

/** An event that the listener of the campaigns' account was told. */
export interface HeardEvent {
  eventId: string;
  type: string;
}

export interface Promised {
  tenants: Record<Account, number>;
  calls: AskedCall[];
  imports: AskedImport[];
  cancelled: Cancelled[];
  suppressed: Suppressed[];
  schedules: PlannedSchedule[];
  probes: Probe[];
  /** context of requests that had to be refused: no row may carry it */
  refusedTags: string[];
  campaigns: AskedCampaign[];
  partings: Parting[];
  /** ids of those who talk for the campaigns */
  people: number[];
  heard: HeardEvent[];
}
