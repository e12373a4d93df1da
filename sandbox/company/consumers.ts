import type { GeneratedRows } from '../tables/generated-rows.ts';
import { countries, weightedCountries } from './countries.ts';
import type { Country } from './country.ts';
import type { Layout } from './layout.ts';
import { createMoments } from './moments.ts';
import { personName } from './names.ts';
import { hash, pick, stream } from './random.ts';
import { createSysIds } from './sys-id.ts';
import { mobile, noPhone, typeNumber, type TypedPhone } from './typed-phone.ts';

const streams = {
  country: stream('consumer country'),
  name: stream('consumer name'),
  phone: stream('consumer phone'),
  street: stream('consumer street'),
};

export interface Consumers extends GeneratedRows {
  phone(index: number, field: 'mobile_phone' | 'home_phone'): TypedPhone;
}

/** Private people (csm_consumer): one for 25 contacts. */
export function createConsumers(layout: Layout, now: number): Consumers {
  const { seed } = layout;
  const count = Math.floor(layout.contacts / 25);
  const ids = createSysIds(seed, 'csm_consumer', count);
  const moments = createMoments(seed, 'csm_consumer', now, 5);

  function country(index: number): Country {
    return countries[pick(weightedCountries, hash(seed, streams.country, index))]!;
  }

  /** Consumers take the mobile numbers of their country that come after those of the contacts. */
  function phone(index: number, field: 'mobile_phone' | 'home_phone'): TypedPhone {
    const nation = country(index);
    const lot = hash(seed, streams.phone, index) % 10;
    if (field === 'mobile_phone' ? lot === 0 : lot > 2) return noPhone;
    const salt = field === 'mobile_phone' ? index * 2 : index * 2 + 1;
    return typeNumber(mobile(nation, layout.mobilesUsed(nation) + index), nation.mobileStyles, {
      seed: seed + 1,
      clerk: 1,
      salt,
    });
  }

  function value(index: number, field: string): string {
    const nation = country(index);
    const name = personName(nation, seed ^ streams.name, index);
    const city = pick(nation.cities, hash(seed, streams.street, index));
    switch (field) {
      case 'sys_id':
        return ids.sysId(index);
      case 'number':
        return `CSMR${String(1_000_001 + index).padStart(7, '0')}`;
      case 'name':
        return `${name.first} ${name.last}`;
      case 'first_name':
        return name.first;
      case 'last_name':
        return name.last;
      case 'email':
        return `${name.latinFirst}.${name.latinLast}${index % 90}@mail.example`;
      case 'mobile_phone':
      case 'home_phone':
        return phone(index, field).raw;
      case 'city':
        return city.name;
      case 'state':
        return city.state;
      case 'street':
        return nation.address
          .replace('{street}', pick(nation.streets, hash(seed, streams.street + 1, index)))
          .replace('{no}', String(1 + (hash(seed, streams.street + 2, index) % 99)));
      case 'country':
        return nation.name;
      case 'preferred_language':
        return nation.language;
      case 'time_zone':
        return nation.timeZone;
      case 'active':
        return String(hash(seed, streams.phone + 1, index) % 50 !== 0);
      case 'primary':
        return 'true';
      case 'sys_mod_count':
        return String(hash(seed, streams.phone + 2, index) % 9);
      default:
        return moments.column(index, field);
    }
  }

  return {
    count,
    ...ids,
    phone,
    value,
    seconds: (index, field) =>
      field === 'sys_updated_on' ? moments.updated(index) : moments.created(index),
  };
}
