import type { ColumnType } from 'kysely';
import type { Choice, ChoiceField } from '../crm/record.ts';
import type { Database } from '../platform/database/database.ts';
import type { Place } from './record-store.ts';

type ChoiceTables = {
  crm_choice_list: {
    organization_id: string;
    connection_id: string;
    field: ChoiceField;
    choices: ColumnType<Choice[], string, string>;
    read_at: Date;
  };
};

const tables = (db: Database) => db.withTables<ChoiceTables>();

export interface StoredChoices {
  field: ChoiceField;
  choices: Choice[];
  readAt: Date;
}

/** The choice lists of a connection as they were read last; a field that never was is absent. */
export async function choiceListsOf(db: Database, place: Place): Promise<StoredChoices[]> {
  return tables(db)
    .selectFrom('crm_choice_list')
    .select(['field', 'choices', 'read_at as readAt'])
    .where('organization_id', '=', place.organizationId)
    .where('connection_id', '=', place.connectionId)
    .execute();
}

export async function saveChoiceList(
  db: Database,
  place: Place,
  { field, choices, readAt }: StoredChoices,
): Promise<void> {
  const values = { choices: JSON.stringify(choices), read_at: readAt };
  await tables(db)
    .insertInto('crm_choice_list')
    .values({
      organization_id: place.organizationId,
      connection_id: place.connectionId,
      field,
      ...values,
    })
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'connection_id', 'field']).doUpdateSet(values),
    )
    .execute();
}
