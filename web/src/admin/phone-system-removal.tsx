import type { PhoneSystemRow } from '../../../src/organization/contract.ts';
import { Removal } from './removal.tsx';
import { usePhoneSystemRemove } from './use-phone-systems.ts';

interface PhoneSystemRemovalProps {
  system: PhoneSystemRow;
  onClose: () => void;
}

/** Asks before a phone system is removed. */
export function PhoneSystemRemoval({ system, onClose }: PhoneSystemRemovalProps) {
  return (
    <Removal
      name={system.name}
      consequence="Its hook URL stops working at once, and the calls it told of are deleted from Ringside. This cannot be undone."
      removal={usePhoneSystemRemove()}
      id={system.id}
      onClose={onClose}
    />
  );
}
