import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import type { QueryClient } from '@tanstack/react-query';
import { setupState } from '../../src/organization/contract.ts';
import { includesRole } from '../../src/organization/plan.ts';
import { singleSignOnProblems } from '../../src/organization/single-sign-on.ts';
import type { SingleSignOnProblem } from '../../src/organization/single-sign-on.ts';
import { dialledNumber } from './desk/dial-link.ts';
import { Shell } from './ui/shell.tsx';
import { api } from './ui/api.ts';
import { asProblem } from './ui/problem.ts';
import { NotFoundPage, PendingPage, ProblemPage } from './ui/problem-page.tsx';
import { queryClient } from './ui/query-client.ts';
import { safeReturnPath } from './ui/sign-in-path.ts';
import { meQuery } from './ui/use-me.ts';

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  notFoundComponent: NotFoundPage,
});

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./account/setup-page.tsx'), 'SetupPage'),
  beforeLoad: async () => {
    const { needed } = await api.get('/setup', setupState);
    if (!needed) throw redirect({ to: '/sign-in', search: {} });
  },
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search): { return?: string; problem?: SingleSignOnProblem } => {
    const path = safeReturnPath(search['return']);
    const problem = singleSignOnProblems.find((one) => one === search['problem']);
    return {
      ...(path === '/' ? {} : { return: path }),
      ...(problem === undefined ? {} : { problem }),
    };
  },
  component: lazyRouteComponent(() => import('./account/sign-in-page.tsx'), 'SignInPage'),
  beforeLoad: async () => {
    const { needed, singleSignOn } = await api.get('/setup', setupState);
    if (needed) throw redirect({ to: '/setup' });
    return { singleSignOn };
  },
});

const forgotten = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/forgotten',
  component: lazyRouteComponent(
    () => import('./account/forgotten-password-page.tsx'),
    'ForgottenPasswordPage',
  ),
  beforeLoad: async () => {
    const { mail } = await api.get('/setup', setupState);
    return { mail };
  },
});

const code = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/code',
  validateSearch: (search): { return?: string } => {
    const path = safeReturnPath(search['return']);
    return path === '/' ? {} : { return: path };
  },
  component: lazyRouteComponent(() => import('./account/code-page.tsx'), 'CodePage'),
});

/** What somebody signed in must do before anything else, when the organization asks for it. */
const secondFactor = createRoute({
  getParentRoute: () => root,
  path: '/second-factor',
  component: lazyRouteComponent(
    () => import('./account/second-factor-page.tsx'),
    'SecondFactorPage',
  ),
  beforeLoad: async () => {
    try {
      const { secondFactor: factor } = await queryClient.fetchQuery(meQuery);
      if (factor.active || !factor.required) throw redirect({ to: '/' });
    } catch (error) {
      if (asProblem(error).status === 401) throw redirect({ to: '/sign-in', search: {} });
      throw error;
    }
  },
});

const invite = createRoute({
  getParentRoute: () => root,
  path: '/invite/$token',
  component: lazyRouteComponent(() => import('./account/invite-page.tsx'), 'InvitePage'),
});

/** Where a ServiceNow of this organization begins when it shows Ringside in a frame; the server decides who may. */
const embed = createRoute({
  getParentRoute: () => root,
  path: '/embed/$organizationId',
  beforeLoad: () => {
    throw redirect({ to: '/desk' });
  },
});

/** Everything that needs somebody signed in. */
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    try {
      const me = await context.queryClient.ensureQueryData(meQuery);
      if (me.secondFactor.required && !me.secondFactor.active)
        throw redirect({ to: '/second-factor' });
      return { me };
    } catch (error) {
      if (asProblem(error).status !== 401) throw error;
      const back = safeReturnPath(location.href);
      throw redirect({ to: '/sign-in', search: back === '/' ? {} : { return: back } });
    }
  },
});

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: ({ context: { me } }) => {
    const atDesk = me.person.extension !== null || me.person.role !== 'administrator';
    throw redirect({ to: atDesk ? '/desk' : '/admin/organization' });
  },
});

const desk = createRoute({
  getParentRoute: () => shell,
  path: '/desk',
  validateSearch: (search): { call?: string } => {
    const call = dialledNumber(search['call']);
    return call === undefined ? {} : { call };
  },
  component: lazyRouteComponent(() => import('./desk/desk-page.tsx')),
});

const calls = createRoute({
  getParentRoute: () => shell,
  path: '/calls',
  component: lazyRouteComponent(() => import('./calls/calls-page.tsx'), 'CallsPage'),
});

const call = createRoute({
  getParentRoute: () => shell,
  path: '/calls/$callId',
  component: lazyRouteComponent(() => import('./calls/call-page.tsx'), 'CallPage'),
});

const missed = createRoute({
  getParentRoute: () => shell,
  path: '/missed',
  component: lazyRouteComponent(() => import('./missed/missed-page.tsx'), 'MissedPage'),
});

const account = createRoute({
  getParentRoute: () => shell,
  path: '/account',
  component: lazyRouteComponent(() => import('./account/account-page.tsx'), 'AccountPage'),
});

const admin = createRoute({
  getParentRoute: () => shell,
  path: '/admin',
  beforeLoad: ({ location }) => {
    if (location.pathname.replace(/\/$/, '') === '/admin')
      throw redirect({ to: '/admin/organization' });
  },
});

const organization = createRoute({
  getParentRoute: () => admin,
  path: '/organization',
  beforeLoad: ({ context: { me } }) => {
    // The server refuses as well; this only spares the reader a page full of refusals.
    if (!includesRole(me.person.role, 'administrator')) throw redirect({ to: '/desk' });
  },
  component: lazyRouteComponent(() => import('./admin/organization-page.tsx'), 'OrganizationPage'),
});

const organizations = createRoute({
  getParentRoute: () => admin,
  path: '/organizations',
  beforeLoad: ({ context: { me } }) => {
    if (!me.operator) throw redirect({ to: '/desk' });
  },
  component: lazyRouteComponent(
    () => import('./operator/organizations-page.tsx'),
    'OrganizationsPage',
  ),
});

export const router = createRouter({
  routeTree: root.addChildren([
    setup,
    signIn,
    forgotten,
    code,
    secondFactor,
    invite,
    embed,
    shell.addChildren([
      home,
      desk,
      calls,
      call,
      missed,
      account,
      admin.addChildren([organization, organizations]),
    ]),
  ]),
  context: { queryClient },
  defaultPreload: 'intent',
  defaultErrorComponent: ProblemPage,
  defaultPendingComponent: PendingPage,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
