import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Json, objectOf, textOf } from './order.ts';
import { invalid, notFound, type Refusal } from './refusal.ts';

interface Phone {
  id: string;
  create_at: number;
  status: string;
  agent_id: string | null;
  agent_config_override: Json | null;
  tags: string[];
}

export interface MillisDirectory {
  /** the config of an agent: the one that is named, else the number's */
  configFor(agentId: string | undefined, from: string): { agentId: string | undefined; config: Json };
}

/** Agents, numbers and campaigns of the account, as https://docs.millis.ai/api-reference and clients of it show them. */
export function directoryRoutes(app: FastifyInstance, nowSeconds: () => number): MillisDirectory {
  const agents = new Map<string, { id: string; name: string; config: Json; created_at: number }>();
  const phones = new Map<string, Phone>();
  const campaigns = new Map<
    string,
    { id: string; name: string; status: string; caller: string | null; records: Json[]; created_at: number }
  >();
  const refuse = (reply: FastifyReply, { status, body }: Refusal) => reply.code(status).send(body);

  app.get('/agents', async () => [...agents.values()]);
  app.post('/agents', async (request, reply) => {
    const { name, config } = objectOf(request.body) ?? {};
    if (!textOf(name)) return refuse(reply, invalid('body', 'name'));
    const agent = { id: `-O${randomUUID()}`, name: String(name), config: objectOf(config) ?? {}, created_at: nowSeconds() };
    agents.set(agent.id, agent);
    return agent;
  });
  app.get<{ Params: { id: string } }>('/agents/:id', async (request, reply) => {
    return agents.get(request.params.id) ?? refuse(reply, notFound('Agent'));
  });
  app.put<{ Params: { id: string } }>('/agents/:id', async (request, reply) => {
    const agent = agents.get(request.params.id);
    if (!agent) return refuse(reply, notFound('Agent'));
    const { name, config } = objectOf(request.body) ?? {};
    const changed = { ...agent, name: textOf(name) ?? agent.name, config: objectOf(config) ?? agent.config };
    agents.set(agent.id, changed);
    return changed;
  });
  app.delete<{ Params: { id: string } }>('/agents/:id', async (request, reply) => {
    return agents.delete(request.params.id) ? { success: true } : refuse(reply, notFound('Agent'));
  });

  app.get('/phones', async () => [...phones.values()]);
  app.post('/phones/import', async (request, reply) => {
    const id = textOf(objectOf(request.body)?.['phone']);
    if (id === undefined) return refuse(reply, invalid('body', 'phone'));
    if (phones.has(id)) return refuse(reply, { status: 400, body: { detail: 'The phone is in the account already' } });
    const phone = { id, create_at: Math.floor(nowSeconds()), status: 'active', agent_id: null, agent_config_override: null, tags: [] };
    phones.set(id, phone);
    return phone;
  });
  app.get<{ Params: { phone: string } }>('/phones/:phone', async (request, reply) => {
    return phones.get(request.params.phone) ?? refuse(reply, notFound('Phone'));
  });
  app.delete<{ Params: { phone: string } }>('/phones/:phone', async (request, reply) => {
    return phones.delete(request.params.phone) ? { success: true } : refuse(reply, notFound('Phone'));
  });
  app.post<{ Params: { phone: string } }>('/phones/:phone/set_agent', async (request, reply) => {
    const phone = phones.get(request.params.phone);
    const given = objectOf(request.body)?.['agent_id'];
    const agentId = given === null ? null : textOf(given);
    if (!phone) return refuse(reply, notFound('Phone'));
    if (agentId === undefined) return refuse(reply, invalid('body', 'agent_id'));
    phone.agent_id = agentId;
    return { success: true, agent_id: agentId };
  });
  app.post<{ Params: { phone: string } }>('/phones/:phone/tags', async (request, reply) => {
    const phone = phones.get(request.params.phone);
    const tags = objectOf(request.body)?.['tags'];
    if (!phone) return refuse(reply, notFound('Phone'));
    if (!Array.isArray(tags)) return refuse(reply, invalid('body', 'tags'));
    phone.tags = tags.map(String);
    return { success: true, tags: phone.tags };
  });

  app.get('/campaigns', async () => [...campaigns.values()]);
  app.post('/campaigns', async (request, reply) => {
    const name = textOf(objectOf(request.body)?.['name']);
    if (name === undefined) return refuse(reply, invalid('body', 'name'));
    const campaign = { id: randomUUID(), name, status: 'idle', caller: null, records: [], created_at: nowSeconds() };
    campaigns.set(campaign.id, campaign);
    return campaign;
  });
  app.get<{ Params: { id: string } }>('/campaigns/:id', async (request, reply) => {
    return campaigns.get(request.params.id) ?? refuse(reply, notFound('Campaign'));
  });
  app.post<{ Params: { id: string; what: string } }>('/campaigns/:id/:what', async (request, reply) => {
    const { id, what } = request.params;
    const campaign = campaigns.get(id);
    if (!campaign) return refuse(reply, notFound('Campaign'));
    if (what === 'records' && Array.isArray(request.body)) campaign.records.push(...request.body.map((record) => objectOf(record) ?? {}));
    else if (what === 'set_caller') campaign.caller = textOf(objectOf(request.body)?.['caller']) ?? null;
    else if (what === 'start' || what === 'stop') campaign.status = what === 'start' ? 'started' : 'stopped';
    else return refuse(reply, notFound('Path'));
    // clients read these answers as text
    return reply.type('text/plain').send(what === 'start' ? 'Campaign started' : what === 'stop' ? 'Campaign stopped' : 'OK');
  });

  return {
    configFor: (named, from) => {
      const phone = phones.get(from);
      const agentId = named ?? phone?.agent_id ?? undefined;
      return { agentId, config: { ...agents.get(agentId ?? '')?.config, ...phone?.agent_config_override } };
    },
  };
}
