import type { GeneratedRows } from '../tables/generated-rows.ts';
import { landline, typeNumber, type TypedPhone } from './typed-phone.ts';
import type { Layout } from './layout.ts';
import { createMoments } from './moments.ts';
import { asAddress } from './names.ts';
import { hash, pick, stream } from './random.ts';
import { createSysIds } from './sys-id.ts';

const streams = {
  pattern: stream('company pattern'),
  word: stream('company word'),
  last: stream('company last'),
  street: stream('street'),
  spelling: stream('country spelling'),
  flags: stream('account flags'),
};

/** How clerks spell a country when the field is free text. */
const spellings: Record<string, string[]> = {
  US: ['USA', 'United States', 'US', 'USA'],
  DE: ['Germany', 'Deutschland', 'DE', 'Germany'],
  GB: ['United Kingdom', 'UK', 'Great Britain', 'United Kingdom'],
  CH: ['Switzerland', 'Schweiz', 'CH', 'Switzerland'],
};

export interface Accounts extends GeneratedRows {
  name(account: number): string;
  /** Domain of the company's e-mail addresses; `.example` belongs to nobody. */
  domain(account: number): string;
  mainLine(account: number): TypedPhone;
  street(account: number): string;
  zip(account: number): string;
}

/** Customers (customer_account): one for each company of the layout. */
export function createAccounts(layout: Layout, now: number): Accounts {
  const { seed } = layout;
  const ids = createSysIds(seed, 'customer_account', layout.accounts);
  const moments = createMoments(seed, 'customer_account', now, 9);

  const names: string[] = [];
  const domains: string[] = [];

  /** Names and domains are remembered: they are asked for with every contact. */
  function name(account: number): string {
    return (names[account] ??= makeName(account));
  }

  function makeName(account: number): string {
    const country = layout.country(account);
    const word = pick(country.companyWords, hash(seed, streams.word, account));
    const at = hash(seed, streams.last, account);
    return pick(country.companyPatterns, hash(seed, streams.pattern, account))
      .replace('{last}', native(pick(country.last, at)))
      .replace('{last2}', native(pick(country.last, at + 7)))
      .replace('{city}', layout.city(account).name)
      .replace('{word}', word);
  }

  function domain(account: number): string {
    return (domains[account] ??= makeDomain(account));
  }

  function makeDomain(account: number): string {
    const words = name(account)
      .split(/[\s/&]+/)
      .map(asAddress)
      .filter((part) => part.length > 2);
    return `${words.slice(0, 2).join('-') || 'company'}.example`;
  }

  function mainLine(account: number): TypedPhone {
    const country = layout.country(account);
    const number = landline(country, layout.city(account), layout.firstLine(account));
    return typeNumber(number, country.landlineStyles, { seed, clerk: account, salt: account });
  }

  function street(account: number): string {
    const country = layout.country(account);
    const h = hash(seed, streams.street, account);
    return country.address
      .replace('{street}', pick(country.streets, h))
      .replace('{no}', String(1 + ((h >>> 8) % 180)));
  }

  function zip(account: number): string {
    let at = 0;
    return layout
      .city(account)
      .zip.replace(/#/g, () => String(hash(seed, streams.street + 1, account * 4 + at++) % 10));
  }

  function value(index: number, field: string): string {
    switch (field) {
      case 'sys_id':
        return ids.sysId(index);
      case 'name':
        return name(index);
      case 'number':
        return `ACCT${String(1_000_001 + index).padStart(7, '0')}`;
      case 'phone':
        return hash(seed, streams.flags, index) % 100 < 3 ? '' : mainLine(index).raw;
      case 'city':
        return layout.city(index).name;
      case 'state':
        return layout.city(index).state;
      case 'street':
        return street(index);
      case 'zip':
        return zip(index);
      case 'country': {
        const country = layout.country(index);
        return pick(spellings[country.code] ?? [country.name], hash(seed, streams.spelling, index));
      }
      case 'website':
        return `https://www.${domain(index)}/`;
      case 'customer':
        return 'true';
      case 'partner':
        return String(hash(seed, streams.flags, index) % 40 === 0);
      case 'customer_since':
        return moments.column(index, 'sys_created_on');
      case 'sys_mod_count':
        return String(hash(seed, streams.flags, index) % 30);
      case 'sys_class_name':
        return 'customer_account';
      default:
        return moments.column(index, field);
    }
  }

  return {
    count: layout.accounts,
    ...ids,
    name,
    domain,
    mainLine,
    street,
    zip,
    value,
    seconds: (index, field) =>
      field === 'sys_updated_on' ? moments.updated(index) : moments.created(index),
  };
}

function native(name: string): string {
  return name.split('|')[0]!;
}
