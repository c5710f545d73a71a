import { Button, Tabs } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type Endpoint, endpointSchema } from '@tollbook/contract';
import { useBook, useMay } from '../../api/book-context.js';
import { tellDone } from '../../api/tell.js';
import { playsScenarios } from '../../plays-scenarios.js';
import { Card } from '../../ui/card.js';
import { CopyButton } from '../../ui/copy-button.js';
import { Facts } from '../../ui/facts.js';
import { FormError } from '../../ui/form-error.js';
import { Icon } from '../../ui/icon.js';
import { JsonView } from '../../ui/json-view.js';
import { PageHeader } from '../../ui/page-header.js';
import { QueryView } from '../../ui/query-view.js';
import { TimeText } from '../../ui/time-text.js';
import { networkName } from '../networks/network-name.js';
import { EndpointCaps } from './endpoint-caps.js';
import classes from './endpoint-page.module.css';
import { EndpointSettings } from './endpoint-settings.js';
import { EndpointStateChip } from './endpoint-state.js';
import { useEndpoint } from './endpoints-query.js';
import { PriceEditor } from './price-editor.js';
import { PriceHistory } from './price-history.js';

const route = getRouteApi('/endpoints/$id');

/** One endpoint: its price, every price before, and how to call it. */
export function EndpointPage() {
  const { id } = route.useParams();
  const query = useEndpoint(id);
  return (
    <>
      <PageHeader
        title={query.data ? `${query.data.method} ${query.data.path}` : 'Endpoint'}
        above={
          <Link to="/endpoints">
            <Icon name="back" size={14} /> Endpoints
          </Link>
        }
        beside={query.data ? <EndpointStateChip state={query.data.state} /> : null}
        lead={query.data?.description || null}
        actions={query.data ? <PauseButton endpoint={query.data} /> : null}
      />
      <QueryView query={query} failure="The endpoint could not be loaded">
        {(endpoint) => <Body key={endpoint.price?.id ?? 'none'} endpoint={endpoint} />}
      </QueryView>
    </>
  );
}

function Body({ endpoint }: { endpoint: Endpoint }) {
  return (
    <Tabs defaultValue="price" keepMounted={false}>
      <Tabs.List>
        <Tabs.Tab value="price">Price</Tabs.Tab>
        <Tabs.Tab value="history">History</Tabs.Tab>
        <Tabs.Tab value="facts">Facts and settings</Tabs.Tab>
      </Tabs.List>
      <div className={classes.panel}>
        <Tabs.Panel value="price">
          <PriceEditor endpoint={endpoint} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <PriceHistory endpoint={endpoint} />
        </Tabs.Panel>
        <Tabs.Panel value="facts">
          <EndpointFacts endpoint={endpoint} />
        </Tabs.Panel>
      </div>
    </Tabs>
  );
}

function EndpointFacts({ endpoint }: { endpoint: Endpoint }) {
  const { book } = useBook();
  const mayWrite = useMay('endpoints:write');
  return (
    <div className={classes.facts}>
      <Card title="Facts">
        <Facts
          facts={[
            [
              'Buyers call',
              <span key="url">
                <span className="tb-mono">{endpoint.url}</span>
                <CopyButton text={endpoint.url} what="address" />
              </span>,
            ],
            ['Upstream', endpoint.upstream ?? 'none; your server asks for the verdict'],
            ['Networks', endpoint.networks.map(networkName).join(', ') || '—'],
            [
              'Money moves',
              endpoint.settleMode === 'after' ? 'after the upstream answered' : 'before the upstream is asked',
            ],
            ['Payment identifier', endpoint.paymentIdentifier],
            ['Waits for the upstream', `${endpoint.timeoutMs / 1_000} s`],
            ['Created', <TimeText key="at" at={endpoint.createdAt} />],
            [
              'Payments',
              <Link key="payments" to="/payments" search={{ endpoint: endpoint.id }}>
                All payments of this endpoint
              </Link>,
            ],
            [
              'Limits',
              <Link key="limits" to="/limits">
                Rate limits
              </Link>,
            ],
          ]}
        />
      </Card>
      {mayWrite && endpoint.state !== 'archived' ? (
        <div className={classes.facts}>
          <EndpointSettings endpoint={endpoint} />
          <EndpointCaps endpoint={endpoint} />
        </div>
      ) : null}
      <Card
        title="Try it"
        note="Pays with the sandbox's own buyer; test money alone."
        action={playsScenarios(book) ? <Link to="/scenarios">Play what may happen</Link> : null}
      >
        <JsonView value={`npx tollbook pay ${endpoint.url}`} what="command that pays" />
      </Card>
    </div>
  );
}

function PauseButton({ endpoint }: { endpoint: Endpoint }) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const mayWrite = useMay('endpoints:write');
  const change = useMutation({
    mutationFn: () =>
      api.patch(`/v1/endpoints/${endpoint.id}`, endpointSchema, {
        isEnabled: !endpoint.isEnabled,
        reason: endpoint.isEnabled ? 'Paused in the dashboard' : 'Resumed in the dashboard',
      }),
    onSuccess: async (next) => {
      await queryClient.invalidateQueries({ queryKey: ['endpoints'] });
      tellDone(next.isEnabled ? 'It sells again.' : 'It is paused: buyers get a 404.');
    },
  });
  if (!mayWrite || endpoint.state === 'archived') return null;
  return (
    <>
      <FormError error={change.error} />
      <Button variant="default" loading={change.isPending} onClick={() => change.mutate()}>
        {endpoint.isEnabled ? 'Pause endpoint' : 'Resume endpoint'}
      </Button>
    </>
  );
}
