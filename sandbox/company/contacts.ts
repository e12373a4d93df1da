import type { GeneratedRows } from '../tables/generated-rows.ts';
import type { Accounts } from './accounts.ts';
import type { Layout } from './layout.ts';
import { createMoments } from './moments.ts';
import { personName, type PersonName } from './names.ts';
import { hash, pick, stream } from './random.ts';
import { createSysIds } from './sys-id.ts';
import {
  junkPhone,
  landline,
  mobile,
  noPhone,
  typeNumber,
  type TypedPhone,
} from './typed-phone.ts';

const streams = {
  double: stream('double'),
  line: stream('line'),
  mobile: stream('mobile'),
  home: stream('home'),
  nameless: stream('nameless'),
  title: stream('title'),
  active: stream('active'),
  vip: stream('vip'),
  changes: stream('changes'),
};

export type PhoneField = 'phone' | 'mobile_phone' | 'home_phone';

export interface Contacts extends GeneratedRows {
  account(index: number): number;
  /** Index of the contact at a place of the layout. */
  at(place: number): number;
  name(index: number): PersonName;
  phone(index: number, field: PhoneField): TypedPhone;
  active(index: number): boolean;
}

/** What the fields of one contact are made from. */
interface Person {
  index: number;
  account: number;
  place: number;
  /** Place whose name, address and mobile phone this contact has: its own, or that of the contact it is a duplicate of. */
  self: number;
  name: PersonName;
}

/** Contacts (customer_contact): about 8 for each customer. */
export function createContacts(layout: Layout, accounts: Accounts, now: number): Contacts {
  const { seed } = layout;
  const ids = createSysIds(seed, 'customer_contact', layout.contacts);
  const moments = createMoments(seed, 'customer_contact', now, 7);
  let last: Person | null = null;

  // Fields of one contact are asked for one after the other, so the last one is kept.
  function person(index: number): Person {
    if (last?.index === index) return last;
    const place = layout.order.scatter(index);
    const account = layout.accountAt(place);
    const double = place > layout.start(account) && hash(seed, streams.double, place) % 160 === 0;
    const self = double ? place - 1 : place;
    const name = personName(layout.country(account), seed, self);
    last = {
      index,
      account,
      place,
      self,
      name: withoutParts(name, hash(seed, streams.nameless, self) % 1000),
    };
    return last;
  }

  function phone(index: number, field: PhoneField): TypedPhone {
    if (field === 'phone') return businessPhone(person(index));
    if (field === 'mobile_phone') return mobilePhone(person(index), 1);
    const who = person(index);
    return hash(seed, streams.home, who.place) % 100 < 4 ? mobilePhone(who, 2) : noPhone;
  }

  /** Direct line, the company's main line with or without an extension, a colleague's line, junk, or nothing. */
  function businessPhone({ account, place }: Person): TypedPhone {
    const country = layout.country(account);
    const position = place - layout.start(account);
    const first = layout.firstLine(account);
    const h = hash(seed, streams.line, place);
    const type = (ordinal: number, extension = ''): TypedPhone =>
      typeNumber(
        landline(country, layout.city(account), ordinal),
        country.landlineStyles,
        { seed, clerk: account, salt: place },
        extension,
      );
    const kind = h % 100;
    if (kind < 54)
      return position + 1 < layout.lineCount(account)
        ? type(first + 1 + position)
        : type(first, String(200 + position));
    if (kind < 68) return type(first);
    if (kind < 76) return type(first, String(11 + (position % 80)));
    if (kind < 79) return type(first + 1);
    if (kind < 80) return junkPhone(h >>> 8);
    return noPhone;
  }

  function mobilePhone({ account, self, place }: Person, salt: number): TypedPhone {
    const country = layout.country(account);
    const h = hash(seed, streams.mobile, self);
    const kind = h % 100;
    if (kind < 64) {
      const number = mobile(country, layout.mobileOrdinal(account, self));
      return typeNumber(number, country.mobileStyles, {
        seed,
        clerk: account + 3,
        salt: place * 3 + salt,
      });
    }
    return kind < 65 ? junkPhone(h >>> 8) : noPhone;
  }

  function active(index: number): boolean {
    return hash(seed, streams.active, index) % 100 >= 4;
  }

  function email({ account, name, self }: Person): string {
    const local = [name.latinFirst, name.latinLast].filter(Boolean).join('.') || `contact${self}`;
    return `${local}@${accounts.domain(account)}`;
  }

  function value(index: number, field: string): string {
    const who = person(index);
    switch (field) {
      case 'sys_id':
        return ids.sysId(index);
      case 'name':
        return `${who.name.first} ${who.name.last}`.trim();
      case 'first_name':
        return who.name.first;
      case 'last_name':
        return who.name.last;
      case 'email':
        return email(who);
      case 'user_name':
        return email(who).replace('@', `.${index}@`).slice(0, 40);
      case 'phone':
      case 'mobile_phone':
      case 'home_phone':
        return phone(index, field).raw;
      case 'title':
        return pick(layout.country(who.account).titles, hash(seed, streams.title, who.self));
      case 'active':
        return String(active(index));
      case 'account':
      case 'company':
        return accounts.sysId(who.account);
      case 'city':
        return layout.city(who.account).name;
      case 'state':
        return layout.city(who.account).state;
      case 'street':
        return accounts.street(who.account);
      case 'zip':
        return accounts.zip(who.account);
      case 'country':
        return layout.country(who.account).code;
      case 'preferred_language':
        return layout.country(who.account).language;
      case 'time_zone':
        return layout.country(who.account).timeZone;
      case 'vip':
        return String(hash(seed, streams.vip, index) % 100 < 2);
      case 'locked_out':
      case 'web_service_access_only':
      case 'password_needs_reset':
      case 'internal_integration_user':
        return 'false';
      case 'notification':
        return '2';
      case 'sys_class_name':
        return 'customer_contact';
      case 'sys_mod_count':
        return String(hash(seed, streams.changes, index) % 25);
      default:
        return moments.column(index, field);
    }
  }

  return {
    count: layout.contacts,
    ...ids,
    account: (index) => person(index).account,
    at: (place) => layout.order.gather(place),
    name: (index) => person(index).name,
    phone,
    active,
    value,
    seconds: (index, field) =>
      field === 'sys_updated_on' ? moments.updated(index) : moments.created(index),
  };
}

/** About one contact in a hundred lacks the first name, the last name or both. */
function withoutParts(name: PersonName, lot: number): PersonName {
  if (lot < 5) return { ...name, first: '', latinFirst: '' };
  if (lot < 9) return { ...name, last: '', latinLast: '' };
  if (lot < 11) return { first: '', last: '', latinFirst: '', latinLast: '' };
  return name;
}
