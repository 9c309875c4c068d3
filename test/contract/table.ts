import { calling } from './calling.ts';

/** The documents that are written down so far. */
export const CONTRACTS = [calling] as const;
