import { idOf } from './collection.ts';

export const ENVIRONMENT_NAME = 'Millis SaaS — Local';

/** What the collection's variables are on one's own machine. The password is not kept here: `npm start` prints it once. */
const VALUES = {
  baseUrl: 'http://localhost:4000/api/v1',
  adminEmail: 'admin@dialfleet.local',
  adminPassword: '',
  accessToken: '',
  refreshToken: '',
  phone: '+14155550100',
  agentId: '',
  campaignId: '',
  importId: '',
  sessionId: '',
};
const SECRET = new Set(['adminPassword', 'accessToken', 'refreshToken']);

/** The Postman environment. */
export function environment() {
  return {
    id: idOf(ENVIRONMENT_NAME),
    name: ENVIRONMENT_NAME,
    values: Object.entries(VALUES).map(([key, value]) => ({ key, value, type: SECRET.has(key) ? 'secret' : 'default', enabled: true })),
    _postman_variable_scope: 'environment',
  };
}
