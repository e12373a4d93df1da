import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ViewerOf } from '../organization/viewer.ts';
import type { Clock } from '../platform/clock.ts';
import { checkHouse, showHouse } from './check-house.ts';
import type { CheckHouseDeps } from './check-house.ts';
import { failedConnections } from './failed-connections.ts';
import { houseCheckStarted, latestHouseCheck, supportReport } from './house-contract.ts';
import { presentHouseRun } from './present-house.ts';
import { reportToSupport } from './report-to-support.ts';

export interface HouseCheckRoutesDeps extends CheckHouseDeps {
  viewerOf: ViewerOf;
  clock: Clock;
  /** Of Ringside. */
  version: string;
}

const tags = ['Systems Check'];

/** Starting and watching the check of the house, and the report for support; administrators only. */
export function houseCheckRoutes(deps: HouseCheckRoutesDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/house-check',
      {
        schema: {
          tags,
          summary:
            'Check Ringside itself (database, jobs, clock, phone systems, mappings), or join the check under way',
          response: { 200: houseCheckStarted },
        },
      },
      async (request) => {
        const { run, joined } = await checkHouse(deps, deps.viewerOf(request));
        return { run: presentHouseRun(run), joined };
      },
    );

    app.get(
      '/house-check',
      {
        schema: {
          tags,
          summary: 'The latest check of Ringside itself, and which connections failed theirs',
          response: { 200: latestHouseCheck },
        },
      },
      async (request) => {
        const viewer = deps.viewerOf(request);
        const run = await showHouse(deps, viewer);
        const connections = await failedConnections(deps.db, viewer.organizationId);
        return { run: run === null ? null : presentHouseRun(run), connections };
      },
    );

    app.get(
      '/house-check/report',
      {
        schema: {
          tags,
          summary:
            'A report on the latest checks to hand to support, without secrets or customers’ data',
          response: { 200: supportReport },
        },
      },
      async (request) => ({ text: await reportToSupport(deps, deps.viewerOf(request)) }),
    );
  };
}
