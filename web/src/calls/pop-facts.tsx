import type { PopReason } from '../../../src/reports/contract.ts';
import { Fact } from '../ui/fact.tsx';
import { counted, timeToTheSecond } from '../ui/moment.ts';
import classes from './facts.module.css';
import { Reason } from './reason.tsx';

/** Why a pop came to one phone or did not, and what that is concluded from. */
export function PopFacts({ pop }: { pop: PopReason }) {
  const time = (at: string | null) => (at === null ? 'no' : timeToTheSecond(at));
  return (
    <div role="group" aria-label={`Extension ${pop.extension}`}>
      <Reason text={pop.text} mend={pop.mend} />
      <div className={classes.facts}>
        <Fact title="Extension">{pop.extension}</Fact>
        <Fact title="Whose">{pop.person ?? 'nobody’s'}</Fact>
        <Fact title="ServiceNow user">{pop.mapped ? 'mapped' : 'not mapped'}</Fact>
        <Fact title="Plan">{pop.plan ?? 'none'}</Fact>
        <Fact title="Rang">{time(pop.rangAt)}</Fact>
        <Fact title="Pop sent">
          {time(pop.sentAt)}
          {pop.browsers !== null && ` to ${counted(pop.browsers, 'browser', 'browsers')}`}
        </Fact>
        <Fact title="Seen">
          {time(pop.shownAt)}
          {pop.shownIn !== null && ` in ${pop.shownIn}`}
        </Fact>
      </div>
    </div>
  );
}
