import { isUp } from '../calls/phone-link-store.ts';
import type { StoredLink } from '../calls/phone-link-store.ts';
import type { StoredPhoneSystem } from '../organization/phone-system-store.ts';
import type { PhoneSystemKind } from '../telephony/port.ts';
import type { HouseStep } from './house-contract.ts';
import { failed, passed, warned } from './house.ts';

const day = 86_400_000;
const longSilenceDays = 7;

/** One phone system: signed in where Ringside connects to it, what it may not do, and when it last told something. */
export function judgePhoneSystem(
  system: Pick<StoredPhoneSystem, 'id' | 'name' | 'settings' | 'lastEventAt'>,
  kind: PhoneSystemKind | null,
  link: StoredLink | null,
  now: Date,
): HouseStep {
  const step = {
    id: `phone-system:${system.id}`,
    kind: 'phone-system',
    title: `Phone system ${system.name}`,
  } as const;
  const linked = Object.keys(system.settings).length > 0;
  if (linked) return { ...step, ...judgeLink(system, link, now) };
  if (kind?.link && !kind.readHook) {
    return {
      ...step,
      ...failed(
        'not-set-up',
        'Its settings were never filled in, so Ringside does not connect to it.',
        'Modify it under ‘Phone Systems’ and Save, or remove it.',
      ),
    };
  }
  return { ...step, ...judgeSilence(system.lastEventAt, now) };
}

function judgeLink(
  system: Pick<StoredPhoneSystem, 'lastEventAt'>,
  link: StoredLink | null,
  now: Date,
) {
  if (link?.held && link.lostSince !== null) {
    const detail = `The link is lost. ${link.lostReason ?? ''}`.trim();
    return failed('link-lost', detail, link.lostFix);
  }
  if (link === null || !isUp(link)) {
    return failed(
      'link-not-held',
      'No hub is connected to it just now.',
      'A hub takes it over within a minute of its start. When this stays, look for the name of the phone system in the log of the hub.',
    );
  }
  const last = link.lastEventAt ?? system.lastEventAt;
  const heard =
    last === null ? 'It has told of nothing yet.' : `It last told something ${past(last, now)}.`;
  const detail = `Connected and signed in. ${heard}`;
  if (link.warnings.length === 0) return passed(detail);
  return warned(
    'link-warnings',
    `${detail} ${link.warnings.join(' ')}`,
    'Give the user that Ringside signs in with the rights that its form under ‘Phone Systems’ names.',
  );
}

/** One that calls us: all that can be known is when it did. */
function judgeSilence(last: Date | null, now: Date) {
  if (last === null) {
    return warned(
      'nothing-heard',
      'It has told of no call yet. It calls Ringside, so Ringside cannot try it.',
      'Place a test call. When nothing comes, compare the address in the phone system with the one under ‘Phone Systems’.',
    );
  }
  const detail = `It last told something ${past(last, now)}.`;
  if (now.getTime() - last.getTime() < longSilenceDays * day) return passed(detail);
  return warned(
    'long-silent',
    detail,
    'Place a test call; remove it when it is not used any more.',
  );
}

function past(time: Date, now: Date): string {
  const minutes = Math.floor((now.getTime() - time.getTime()) / 60_000);
  if (minutes < 1) return 'within the last minute';
  if (minutes < 120) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} hours ago` : `${Math.floor(hours / 24)} days ago`;
}
