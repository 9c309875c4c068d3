import { clearScreenDown, moveCursor } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { dialer } from '../../client/index.ts';
import { type Command, EXIT, isOn, wholeOf } from '../command.ts';
import { answered, connect, LOGIN_OPTIONS } from '../remote.ts';
import { print, printJson, type Terminal } from '../terminal.ts';

/** A user of this surface may ask a thousand times an hour. */
const LOOK_EVERY_SECONDS = 5;
const BAR_WIDTH = 32;

export const campaignWatch: Command = {
  name: 'campaign watch',
  args: { '<id>': 'Of the campaign: 12 or campaign_12' },
  summary: 'Watch a campaign until it is completed',
  example: 'campaign watch 12 --every 2',
  options: {
    every: { type: 'string', value: 'seconds', help: `How often it is looked at; default: ${LOOK_EVERY_SECONDS}` },
    json: { type: 'boolean', help: 'Print each change as a line of JSON' },
    ...LOGIN_OPTIONS,
  },
  notes: ['At a terminal the picture is drawn anew; elsewhere each change is a line.'],
  async run(terminal, given) {
    const everyMs = wholeOf(given, 'every', LOOK_EVERY_SECONDS) * 1000;
    const client = dialer(await connect(terminal, given));
    const show = isOn(given, 'json') ? changes(terminal, (seen) => printJson(terminal, seen)) : shower(terminal);
    for (;;) {
      const { data: seen } = await look(client, given.args[0] ?? '');
      show(seen);
      if (seen.status === 'completed') return EXIT.ok;
      await pause(everyMs, undefined, { signal: terminal.stop });
    }
  },
};

function look(client: ReturnType<typeof dialer>, id: string) {
  return answered(client.GET('/api/campaigns/{id}/progress', { params: { path: { id } } }));
}

type Seen = Awaited<ReturnType<typeof look>>['data'];

function shower(terminal: Terminal): (seen: Seen) => void {
  const { stdout } = terminal;
  if (!stdout.isTTY) return changes(terminal, (seen) => print(terminal, lineOf(seen)));
  let drawn = 0;
  return (seen) => {
    const lines = pictureOf(seen).map((line) => line.slice(0, (stdout.columns || 80) - 1));
    moveCursor(stdout, 0, -drawn);
    clearScreenDown(stdout);
    stdout.write(lines.map((line) => `${line}\n`).join(''));
    drawn = lines.length;
  };
}

function changes(_terminal: Terminal, show: (seen: Seen) => void): (seen: Seen) => void {
  let shown = '';
  return (seen) => {
    const line = lineOf(seen);
    if (line !== shown) show(seen);
    shown = line;
  };
}

function lineOf({ name, status, leads, calls, obstacles }: Seen): string {
  const total = leads.waiting + leads.inLine + leads.completed;
  const held = obstacles.length > 0 ? `; ${obstacles.join(', ')}` : '';
  return `${name}: ${status}, ${leads.completed} of ${total} leads done, ${calls.live} calls live, ${calls.due} due, ${calls.later} later${held}`;
}

function pictureOf(seen: Seen): string[] {
  const { name, status, leads, calls, dials, agents, obstacles, forecast } = seen;
  const total = leads.waiting + leads.inLine + leads.completed;
  const share = total === 0 ? 0 : leads.completed / total;
  const full = Math.round(share * BAR_WIDTH);
  return [
    `${name} (${status})`,
    `[${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)}] ${Math.floor(share * 100)} %   ${leads.completed} of ${total} leads`,
    `leads   ${leads.waiting} waiting, ${leads.inLine} in line`,
    `calls   ${calls.live} live, ${calls.due} due, ${calls.later} later`,
    `dials   ${dials.total}: ${dials.answered} answered, ${dials.completed} completed, ${dials.abandoned} abandoned, ${dials.averageTalk} s on average`,
    ...(agents.signedIn > 0 ? [`people  ${agents.available} of ${agents.signedIn} free`] : []),
    ...(obstacles.length > 0 ? [`waits   ${obstacles.join(', ')}`] : []),
    ...(status === 'active' ? [`through ${forecast.finishAt ?? 'never, as things stand'} (${forecast.dialsPerHour} dials an hour)`] : []),
  ];
}
