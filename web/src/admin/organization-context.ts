import { createContext, use } from 'react';
import type { OrganizationForm } from './use-organization-form.ts';

export const OrganizationContext = createContext<OrganizationForm | null>(null);

/** The form of the Manage Organization page that this component stands on. */
export function useForm(): OrganizationForm {
  const form = use(OrganizationContext);
  if (form === null) throw new Error('useForm outside Manage Organization');
  return form;
}
