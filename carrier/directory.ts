/**
 * What an administrator does at a phone company beside calling: its agents, numbers, campaigns and books. Only companies that
 * have such things offer it; every operation throws a CarrierFailure when the company does not do it, which says whether it may
 * have done it all the same.
 */
import type { Attempt, CarrierCall, CarrierName, RecordedAudio } from './port.ts';

/** The company's answer as it came, for people to read; what is no JSON object stands in `answer`. */
export type RawAnswer = Record<string, unknown>;

export interface DirectoryAgent {
  carrierAgentId: string;
  name: string | undefined;
  /** what it is told to be and to do */
  prompt: string | undefined;
}

export interface DirectoryPhone {
  carrierNumberId: string;
  /** E.164 */
  number: string;
  carrierAgentId: string | undefined;
  /** the company's own word */
  status: string | undefined;
  /** undefined: the company does not say */
  tags: string[] | undefined;
  createdAt: Date | undefined;
}

/** A line of the company's books. */
export interface CallLog extends CarrierCall {
  carrierAgentId: string | undefined;
  /** the company's own word */
  status: string;
  /** the dial of ours that it is; undefined: it was made elsewhere */
  attempt: Attempt | undefined;
}

export interface CallLogQuery {
  /** whole seconds count */
  from?: Date;
  to?: Date;
  /** E.164, of either side */
  number?: string;
  /** `next` of the page before */
  cursor?: number;
  /** lines on a page, 100 at most */
  limit?: number;
}

export interface Directory {
  readonly carrier: CarrierName;
  listAgents(): Promise<DirectoryAgent[]>;
  /** All of them: there are no pages. */
  listPhones(): Promise<DirectoryPhone[]>;
  /** undefined: nobody answers it any more */
  setAgent(number: string, carrierAgentId: string | undefined): Promise<RawAnswer>;
  setTags(number: string, tags: readonly string[]): Promise<RawAnswer>;
  /** Brings one number that the account has elsewhere. */
  importPhone(number: string): Promise<RawAnswer>;
  /** Approval is ours: at the company an approved campaign starts and a rejected one stops. */
  decideCampaign(carrierCampaignId: string, approve: boolean): Promise<RawAnswer>;
  /** `next` is undefined on the last page. */
  listCallLogs(query: CallLogQuery): Promise<{ logs: CallLog[]; next: number | undefined }>;
  /** The audio of a recording, as `Carrier` has it. */
  recording(recordingId: string): Promise<RecordedAudio | undefined>;
}
