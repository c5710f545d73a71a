import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import {
  type PlayedScenario,
  playedScenarioSchema,
  type Scenario,
  scenarioSights,
  scenarios,
} from '@tollbook/contract';
import { useState } from 'react';
import { z } from 'zod';
import { ApiProblem } from '../../api/api-problem.js';
import { useBook } from '../../api/book-context.js';
import { playsScenarios } from '../../plays-scenarios.js';
import { Card } from '../../ui/card.js';
import { EmptyState } from '../../ui/empty-state.js';
import { FormError } from '../../ui/form-error.js';
import { PageHeader } from '../../ui/page-header.js';
import { QueryView } from '../../ui/query-view.js';
import classes from './scenarios-page.module.css';

const names: Readonly<Record<Scenario, string>> = {
  ok: 'A payment that works',
  declined: 'A buyer without funds',
  delayed: 'A settlement that takes its time',
  'lost-reply': 'A settlement whose answer is lost',
  short: 'Too little, sent by hand',
  late: 'Refused, and paid all the same',
  twice: 'One payment, sent twice',
  expired: 'An authorization that runs out',
};

/** What may become of a payment, played with play money, so that it is known before it happens with real money. */
export function ScenariosPage() {
  const { api, book } = useBook();
  const isDemo = playsScenarios(book);
  const sandbox = useQuery({
    queryKey: ['sandbox', api.bookSlug],
    queryFn: ({ signal }) => api.get('/sandbox/info', z.object({}), {}, signal).catch(goneIsOff),
    enabled: isDemo,
    retry: false,
  });
  return (
    <>
      <PageHeader
        title="Scenarios"
        lead="See each outcome in payments, webhooks and books before it happens with real money."
      />
      <Card isFlush>
        {isDemo ? (
          <QueryView query={sandbox} failure="The sandbox could not be asked">
            {(answer) => (answer === null ? <Off /> : <List />)}
          </QueryView>
        ) : (
          <Off />
        )}
      </Card>
    </>
  );
}

/** Where there is no sandbox, its address is not there. */
function goneIsOff(error: unknown): null {
  if (error instanceof ApiProblem && error.status === 404) return null;
  throw error;
}

function Off() {
  return (
    <EmptyState title="There is nothing to play here">
      Scenarios run in the demo shop’s test mode, where the sandbox is on.
    </EmptyState>
  );
}

function List() {
  return (
    <ul aria-label="Scenarios">
      {scenarios.map((scenario) => (
        <Entry key={scenario} scenario={scenario} />
      ))}
    </ul>
  );
}

function Entry({ scenario }: { scenario: Scenario }) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const [played, setPlayed] = useState<PlayedScenario | null>(null);
  const play = useMutation({
    mutationFn: () => api.post('/sandbox/scenarios', playedScenarioSchema, { scenario }),
    onSuccess: async (answer) => {
      setPlayed(answer);
      await queryClient.invalidateQueries({ queryKey: ['live'] });
    },
  });
  return (
    <li className={classes.entry}>
      <div className={classes.words}>
        <h2 className={classes.name}>
          {names[scenario]} <span className="tb-mono tb-muted">{scenario}</span>
        </h2>
        <p className="tb-small tb-muted">{scenarioSights[scenario]}</p>
        <div role="status">{played === null ? null : <Made played={played} />}</div>
        <FormError error={play.error} />
      </div>
      <Button variant="default" loading={play.isPending} onClick={() => play.mutate()}>
        Play<span className="tb-visually-hidden"> {names[scenario]}</span>
      </Button>
    </li>
  );
}

/** What its buyer did so far, and where the rest can be watched. */
function Made({ played: { scenario, payer, steps } }: { played: PlayedScenario }) {
  const told = steps.map(({ what, status, code }) =>
    status === null ? what : `${what}: ${status} ${code ?? ''}`.trim(),
  );
  return (
    <p className={classes.made}>
      {told.join(', then ')}.{' '}
      {scenario === 'short' ? (
        <Link to="/unmatched">See the money under Unmatched</Link>
      ) : (
        <Link to="/payments" search={{ payer }}>
          Watch its payment
        </Link>
      )}
    </p>
  );
}
