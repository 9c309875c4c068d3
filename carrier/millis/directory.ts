import { AppError } from '../../core/errors.ts';
import { toE164 } from '../../core/phone.ts';
import type { Answer } from '../http.ts';
import type { Directory, DirectoryAgent, DirectoryPhone, RawAnswer } from '../directory.ts';
import { listCallLogs } from './call-logs.ts';
import { accepted, ask, type MillisOptions } from './http.ts';
import { field, numberIn, textIn } from './json.ts';
import { fetchRecording } from './recording.ts';
import { campaignRequest, momentOf, NO_AGENT, tagsRequest } from './unverified.ts';

/** The administrator's side of Millis: https://docs.millis.ai/api-reference. `clock` is for tests. */
export function openMillisDirectory(options: MillisOptions, clock: () => Date = () => new Date()): Directory {
  const phone = (number: string) => `/phones/${encodeURIComponent(number)}`;
  const list = async (path: string) => {
    const { body } = accepted(await ask(options, 'GET', path));
    if (!Array.isArray(body)) throw new AppError('carrier_failure', `Millis sent a list that cannot be read: ${path}`);
    return body as unknown[];
  };
  return {
    carrier: 'millis',
    listAgents: async () => (await list('/agents')).flatMap(agentOf),
    listPhones: async () => (await list('/phones')).flatMap(phoneOf),
    setAgent: async (number, carrierAgentId) =>
      rawOf(await ask(options, 'POST', `${phone(number)}/set_agent`, { agent_id: carrierAgentId ?? NO_AGENT })),
    setTags: async (number, tags) => {
      const { method, path, json } = tagsRequest(number, tags);
      return rawOf(await ask(options, method, path, json));
    },
    importPhone: async (number) => rawOf(await ask(options, 'POST', '/phones/import', { ...options.phoneImport, phone: number })),
    decideCampaign: async (id, approve) => {
      const { method, path, json } = campaignRequest(id, approve);
      return rawOf(await ask(options, method, path, json));
    },
    listCallLogs: (query) => listCallLogs(options, query, clock()),
    recording: (sessionId) => fetchRecording(options, sessionId),
  };
}

function rawOf(answer: Answer): RawAnswer {
  const { body, text } = accepted(answer);
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : { answer: body ?? text };
}

function agentOf(agent: unknown): DirectoryAgent[] {
  const carrierAgentId = textIn(agent, 'id');
  if (carrierAgentId === undefined) return [];
  return [{ carrierAgentId, name: textIn(agent, 'name'), prompt: textIn(field(agent, 'config'), 'prompt') }];
}

/** The id of a number is the number itself; what is none of the telephone network's (a SIP address) is left out. */
function phoneOf(phone: unknown): DirectoryPhone[] {
  const id = textIn(phone, 'id');
  const number = id === undefined ? undefined : toE164(id.startsWith('+') ? id : `+${id}`);
  if (id === undefined || number === undefined) return [];
  const tags = field(phone, 'tags');
  return [
    {
      carrierNumberId: id,
      number,
      carrierAgentId: textIn(phone, 'agent_id'),
      status: textIn(phone, 'status'),
      tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : undefined,
      createdAt: momentOf(numberIn(phone, 'create_at')),
    },
  ];
}
