/**
 * Pacing rules side by side in a simulated call centre, on the same seeds: talk time per agent hour, and calls abandoned of
 * calls answered. Goal: ours is over 3 % on no day, and has more talk time than every other rule that is over it on no day.
 *
 *   tsx bench/pacing/main.ts [--days 1] [--seeds 1] [--only "30 people"] [--rules ours,progressive]
 */
import { parseArgs } from 'node:util';
import { ABANDON_CAP } from '../../core/pacing.ts';
import { say } from '../harness.ts';
import { runShift } from './centre.ts';
import { CONTENDERS, type Contender } from './rules.ts';
import { type Scenario, SCENARIOS } from './scenario.ts';

interface Result {
  rule: string;
  talkMinutes: number;
  meanShare: number;
  worstDay: number;
  worstMoment: number;
}

function trial(scenario: Scenario, contender: Contender, seeds: number, days: number): Result {
  let [talk, hours, answered, abandoned, worstDay, worstMoment] = [0, 0, 0, 0, 0, 0];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const campaign = contender.open();
    for (let day = 1; day <= days; day += 1) {
      const shift = runShift(scenario, seed * 1009 + day * 97, campaign.shift());
      talk += shift.talkHours;
      hours += shift.agentHours;
      answered += shift.answered;
      abandoned += shift.abandoned;
      worstDay = Math.max(worstDay, shift.abandoned / shift.answered);
      worstMoment = Math.max(worstMoment, shift.worstShare);
    }
  }
  return { rule: contender.name, talkMinutes: (60 * talk) / hours, meanShare: abandoned / answered, worstDay, worstMoment };
}

const percent = (share: number) => `${(100 * share).toFixed(2)} %`.padStart(8);

function main(): boolean {
  const { values } = parseArgs({
    options: { days: { type: 'string' }, seeds: { type: 'string' }, only: { type: 'string' }, rules: { type: 'string' } },
  });
  const [days, seeds] = [Number(values.days ?? 1), Number(values.seeds ?? 1)];
  const rules = values.rules?.split(',');
  let isGood = true;
  for (const scenario of SCENARIOS.filter(({ name }) => name.includes(values.only ?? ''))) {
    const results = CONTENDERS.filter(({ name }) => rules?.includes(name) ?? true).map((contender) =>
      trial(scenario, contender, seeds, days),
    );
    say(`${scenario.name}\n  rule               talk/agent h   abandoned  worst day  worst moment`);
    for (const { rule, talkMinutes, meanShare, worstDay, worstMoment } of results) {
      const keeps = worstDay <= ABANDON_CAP ? ' ' : '!';
      say(
        `  ${rule.padEnd(18)} ${talkMinutes.toFixed(2).padStart(8)} min   ${percent(meanShare)}   ${percent(worstDay)} ${keeps}  ${percent(worstMoment)}`,
      );
    }
    const own = results[0];
    const best = results.slice(1).filter(({ worstDay }) => worstDay <= ABANDON_CAP);
    if (!own || own.worstDay > ABANDON_CAP || best.some(({ talkMinutes }) => talkMinutes >= own.talkMinutes)) {
      isGood = false;
      say('  the goal is missed');
    }
  }
  return isGood;
}

if (!main()) process.exitCode = 1;
