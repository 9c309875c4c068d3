import type { Config } from '../core/config.ts';
import { openNull } from './null.ts';
import type { Carrier } from './port.ts';
import { openTwilio } from './twilio/index.ts';

export type CarrierConfig = Pick<
  Config,
  'CARRIER' | 'TWILIO_BASE_URL' | 'TWILIO_ACCOUNT_SID' | 'TWILIO_AUTH_TOKEN' | 'PUBLIC_URL' | 'CARRIER_TIMEOUT_MS'
>;

/** The carrier that the configuration names. It holds nothing open, so it has no closer. */
export function openCarrier(config: CarrierConfig): Carrier {
  switch (config.CARRIER) {
    case 'null':
      return openNull();
    case 'twilio':
      return openTwilio({
        baseUrl: config.TWILIO_BASE_URL,
        accountSid: config.TWILIO_ACCOUNT_SID,
        authToken: config.TWILIO_AUTH_TOKEN,
        publicUrl: config.PUBLIC_URL,
        timeoutMs: config.CARRIER_TIMEOUT_MS,
      });
  }
}
