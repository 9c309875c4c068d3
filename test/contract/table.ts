import { calling } from './calling.ts';
import { dialer } from './dialer.ts';
import { omnivox } from './omnivox.ts';

/** The documents that are written down so far. */
export const CONTRACTS = [calling, dialer, omnivox] as const;
