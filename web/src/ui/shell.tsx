import { Link, Outlet } from '@tanstack/react-router';
import { includesRole } from '../../../src/organization/plan.ts';
import { HouseBanner } from '../admin/house-banner.tsx';
import { DeskLink } from '../desk/desk-link.tsx';
import { DeskProvider } from '../desk/desk-provider.tsx';
import { RingingBanner } from '../desk/ringing-banner.tsx';
import { TestCallNotice } from '../desk/test-call-notice.tsx';
import { MissedLink } from '../missed/missed-link.tsx';
import { AccountMenu } from './account-menu.tsx';
import { AdministrationMenu } from './administration-menu.tsx';
import { ColorSchemeToggle } from './color-scheme-toggle.tsx';
import { Logo } from './logo.tsx';
import { NarrowMenu } from './narrow-menu.tsx';
import classes from './shell.module.css';
import { useMe } from './use-me.ts';

/** Header, navigation and the place for a page. */
export function Shell() {
  const me = useMe();
  const isAdministrator = includesRole(me.person.role, 'administrator');
  return (
    <DeskProvider me={me}>
      <a className={classes.skip} href="#main">
        Skip to the content
      </a>
      <header className={classes.header}>
        <Link to="/" className={classes.brand}>
          <Logo /> Ringside
        </Link>
        <nav className={`${classes.nav} mantine-visible-from-sm`} aria-label="Main">
          <DeskLink className={classes.link} />
          <Link to="/calls" className={classes.link} activeProps={{ 'data-active': true }}>
            Calls
          </Link>
          <MissedLink className={classes.link} />
        </nav>
        <div className={`${classes.end} mantine-visible-from-sm`}>
          {(isAdministrator || me.operator) && <AdministrationMenu me={me} />}
          <ColorSchemeToggle />
          <AccountMenu me={me} />
        </div>
        <div className={`${classes.end} mantine-hidden-from-sm`}>
          <ColorSchemeToggle />
          <NarrowMenu me={me} isAdministrator={isAdministrator} />
        </div>
      </header>
      {isAdministrator && <HouseBanner />}
      {isAdministrator && <TestCallNotice />}
      <RingingBanner />
      <main id="main" tabIndex={-1} className={classes.main}>
        <Outlet />
      </main>
    </DeskProvider>
  );
}
