import { useEffect, useState } from 'react';
import classes from './section-index.module.css';

/** The sections of Manage Organization, in their order on the page. */
export const sections = [
  { id: 'ringside-administration', title: 'Ringside Administration' },
  { id: 'crm-settings', title: 'Connected Account and CRM Settings' },
  { id: 'crm-user-mappings', title: 'CRM User Mappings' },
  { id: 'user-roles', title: 'User Roles' },
  { id: 'teams', title: 'Teams' },
  { id: 'phone-systems', title: 'Phone Systems' },
  { id: 'plans', title: 'Plans' },
  { id: 'call-handling', title: 'Call handling' },
  { id: 'signing-in', title: 'Signing in' },
  { id: 'outbox', title: 'Outbox' },
  { id: 'api-keys', title: 'API keys' },
  { id: 'webhooks-out', title: 'Webhooks out' },
  { id: 'privacy', title: 'Privacy' },
  { id: 'audit-log', title: 'Audit log' },
] as const;

export function SectionIndex() {
  const current = useCurrentSection();
  return (
    <nav aria-label="Sections of this page" className={classes.index}>
      <ul>
        {sections.map(({ id, title }) => (
          <li key={id}>
            <a
              href={`#${id}`}
              aria-current={current === id ? 'location' : undefined}
              onClick={(event) => {
                event.preventDefault();
                goToSection(id);
              }}
            >
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Scrolls to a section and moves the focus to its heading. */
export function goToSection(id: string): void {
  const section = document.getElementById(id);
  section?.scrollIntoView({ behavior: 'smooth', block: 'start' });
  section?.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true });
}

/** The section under the upper third of the window. */
function useCurrentSection(): string {
  const [current, setCurrent] = useState<string>(sections[0].id);
  useEffect(() => {
    const find = () => {
      const atEnd =
        window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 4;
      const passed = sections.filter(({ id }) => {
        const top = document.getElementById(id)?.getBoundingClientRect().top;
        return top !== undefined && top < window.innerHeight / 3;
      });
      // At the very top the first one is meant, however high the window is.
      const found = window.scrollY <= 0 ? sections[0] : atEnd ? sections.at(-1) : passed.at(-1);
      setCurrent((found ?? sections[0]).id);
    };
    find();
    window.addEventListener('scroll', find, { passive: true });
    return () => window.removeEventListener('scroll', find);
  }, []);
  return current;
}
