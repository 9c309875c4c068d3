import type { Applet, Rendered, Step } from '../port.ts';

/** It is documented up to 6 s. */
const LONGEST_WAIT_SECONDS = 6;
/** For a flow that asks for words when none are left. */
const NOTHING_LEFT = 'Goodbye.';

/**
 * What a step of a flow is answered. A Passthru goes on (200) while there is something to say, else takes its other way (302), where the
 * flow hangs up: https://support.exotel.com/support/solutions/articles/48283-working-with-passthru-applet . A Greeting reads plain text
 * (…/48285-greeting-using-text-from-url), a Gather JSON (…/3000084635-working-with-gather-applet).
 */
export function renderApplet(applet: Applet, steps: readonly Step[] | undefined): Rendered {
  const said = (steps ?? []).flatMap((step) => (step.do === 'say' ? [step.text] : [])).join(' ');
  if (applet === 'passthru') return { status: steps === undefined || said ? 200 : 302, contentType: 'text/plain', body: '' };
  const text = said || NOTHING_LEFT;
  if (applet === 'greeting') return { contentType: 'text/plain', body: text };
  const wait = (steps ?? []).flatMap((step) => (step.do === 'listen' ? [step.timeoutSeconds] : []))[0] ?? 1;
  const gather = {
    gather_prompt: { text },
    max_input_digits: 1,
    finish_on_key: '',
    input_timeout: Math.min(LONGEST_WAIT_SECONDS, Math.max(1, Math.round(wait))),
    // who is silent is asked again by us
    repeat_menu: 0,
  };
  return { contentType: 'application/json', body: JSON.stringify(gather) };
}
