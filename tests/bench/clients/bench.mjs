/**
 * How many logins fail while 200 clients log in all the time and their PostgreSQL role is rotated 20 times, with two
 * roles in turn. It is the test of the same name, with more of both.
 */

import { sayWhenOffline } from '../../../scripts/lib/cargo.mjs';
import { run } from '../../../scripts/lib/run.mjs';
import { Failure } from '../../../scripts/lib/say.mjs';
import { setUp } from '../../../scripts/lib/setup.mjs';
import { forDatabases, forRust } from '../../../scripts/lib/system.mjs';

const GOAL = 0;
const CLIENTS = 200;
const ROTATIONS = 20;
const TEST = 'clients_that_log_in_all_the_time_are_never_refused';

/** @returns {Promise<import('../../../scripts/bench.mjs').Finding>} */
export default async function clients() {
  await setUp([...forRust, ...forDatabases]);
  const test = ['test', '--locked', '-p', 'keyturn-issuers', '--test', 'real', TEST];
  const env = { KEYTURN_CLIENTS: String(CLIENTS), KEYTURN_ROTATIONS: String(ROTATIONS) };
  const ran = sayWhenOffline(
    await run('cargo', [...test, '--', '--nocapture'], { show: true, env }),
  );
  const [, failures = NaN, logins = NaN] =
    /(\d+) of (\d+) logins failed/.exec(ran.stdout)?.map(Number) ?? [];
  if (Number.isNaN(logins))
    throw new Failure('The clients did not come to their end.', 'What stopped them is above.');
  return {
    figure: `${failures} of ${logins} logins failed during ${ROTATIONS} rotations, ${CLIENTS} clients`,
    goal: String(GOAL),
    ok: failures <= GOAL && ran.code === 0,
    details: { failures, logins, clients: CLIENTS, rotations: ROTATIONS },
  };
}
