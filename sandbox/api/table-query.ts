import { parameter, type SignedInRequest } from '../http/instance-request.ts';
import type { Instance } from '../instance.ts';
import { parseQuery, type Query, type Term } from '../query/parse-query.ts';
import { byDisplay } from '../records/input.ts';
import type { Table } from '../schema/table.ts';

/** `sysparm_query`, or without one the name-value filter: `?active=true&user_name=x` (§1.2). */
export function tableQuery(instance: Instance, request: SignedInRequest, table: Table): Query {
  const encoded = parameter(request, 'sysparm_query');
  if (encoded !== '') return parseQuery(encoded);
  const pairs = request.parameters.filter(
    ([name]) => !name.startsWith('sysparm_') && !name.startsWith('x-sn-'),
  );
  const filter = pairs.map(([field, value]): Term[] => [
    { kind: 'compare', field, operator: '=', value: storedValue(instance, table, field, value) },
  ]);
  return { filters: [filter], order: [] };
}

/** Name-value filters also take what is shown for choices and references. */
function storedValue(instance: Instance, table: Table, name: string, value: string): string {
  const field = table.fields.get(name);
  if (field?.type === 'choice')
    return (
      field.choices.find((choice) => choice.label.toLowerCase() === value.toLowerCase())?.value ??
      value
    );
  if (field?.type === 'reference' && !/^[0-9a-f]{32}$/.test(value))
    return byDisplay(instance, field.reference, value) ?? value;
  return value;
}
