import type { CrmConnection, WriteOptions } from '../crm/port.ts';
import type { WriteValues } from '../crm/write.ts';
import type { WriteAction, WrittenTo } from './outbox.ts';

/** The parts of a CRM connection that take writes. */
export type WritableCrm = Pick<CrmConnection, 'create' | 'update' | 'addNote'>;

/** A write with the records that it names. */
export interface ReadyWrite {
  /** The same for every try: our id of what is made. */
  id: string;
  action: Exclude<WriteAction, { kind: 'log-call' }>;
  /** Ids of the records that the action's references lead to. */
  idOf(ref: { id: string } | { write: string }): string;
}

/**
 * Sends one write, once; nothing is there twice however often it is called for the same id. Answers what it made or changed.
 * Throws CrmError.
 */
export async function sendWrite(
  crm: WritableCrm,
  { id, action, idOf }: ReadyWrite,
  options: WriteOptions & { fresh: boolean },
): Promise<WrittenTo> {
  const { fresh } = options;
  switch (action.kind) {
    case 'create-case': {
      const values: WriteValues<'case'> = {
        ...action.values,
        ...(action.contact === undefined ? {} : { contactId: idOf(action.contact) }),
        ...(action.customer === undefined ? {} : { customerId: idOf(action.customer) }),
      };
      const made = await crm.create('case', { correlationId: id, values, fresh }, options);
      return { type: 'case', id: made.id, number: made.number };
    }
    case 'create-contact': {
      const values: WriteValues<'contact'> = {
        ...action.values,
        ...(action.customer === undefined ? {} : { customerId: idOf(action.customer) }),
      };
      const made = await crm.create('contact', { correlationId: id, values, fresh }, options);
      return { type: 'contact', id: made.id, number: made.number };
    }
    case 'create-customer': {
      const record = { correlationId: id, values: action.values, fresh };
      const made = await crm.create('customer', record, options);
      return { type: 'customer', id: made.id, number: made.number };
    }
    case 'update-case': {
      const caseId = idOf(action.case);
      await crm.update('case', caseId, action.values, options);
      return { type: 'case', id: caseId, number: '' };
    }
    case 'update-contact': {
      const contactId = idOf(action.contact);
      await crm.update(action.type, contactId, action.values, options);
      return { type: action.type, id: contactId, number: '' };
    }
    case 'add-note': {
      const caseId = idOf(action.case);
      const note = { visibility: action.visibility, token: id, fresh };
      await crm.addNote(caseId, action.text, note, options);
      return { type: 'case', id: caseId, number: '' };
    }
  }
}
