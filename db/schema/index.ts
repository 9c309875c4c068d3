export * from './agent.ts';
export * from './call.ts';
export * from './campaign.ts';
export * from './import.ts';
export * from './knowledge.ts';
export * from './ledger.ts';
export * from './tenant.ts';
export * from './webhook.ts';
