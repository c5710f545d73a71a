import { Tabs } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { OfferPreview } from '@tollbook/contract';
import { Card } from '../../ui/card.js';
import { EmptyState } from '../../ui/empty-state.js';
import { JsonView } from '../../ui/json-view.js';
import { Notice } from '../../ui/notice.js';
import { SkeletonLines } from '../../ui/skeleton-lines.js';
import classes from './editor.module.css';

export interface OfferPreviewPaneProps {
  preview: UseQueryResult<OfferPreview>;
  /** The offer as it is now; lines that differ from it are marked. */
  before?: OfferPreview | undefined;
}

/** The real 402, as the gate would send it. */
export function OfferPreviewPane({ preview, before }: OfferPreviewPaneProps) {
  const { data, error, isFetching } = preview;
  return (
    <Card
      title="What buyers get"
      note="Made by the gate's own code. Nothing is written, and this offer cannot be paid."
    >
      {error === null ? null : <Notice tone="warn">{error.message}</Notice>}
      {data === undefined ? (
        isFetching ? (
          <SkeletonLines count={10} heightPx={16} />
        ) : error === null ? (
          <EmptyState title="Nothing to preview yet">Name a path, a price and a network.</EmptyState>
        ) : null
      ) : (
        <div className={classes.preview} data-old={error !== null || undefined}>
          <p className={classes.status}>
            <strong>402</strong> Payment Required{' '}
            <span className="tb-muted tb-num">
              · header of {data.headerChars} of at most {data.headerCharsMax} characters
            </span>
          </p>
          <Tabs defaultValue="v2" keepMounted={false}>
            <Tabs.List>
              <Tabs.Tab value="v2">x402 v2</Tabs.Tab>
              <Tabs.Tab value="body">Body (v1)</Tabs.Tab>
              <Tabs.Tab value="headers">Headers</Tabs.Tab>
              <Tabs.Tab value="curl">curl</Tabs.Tab>
            </Tabs.List>
            <div className={classes.tab}>
              <Tabs.Panel value="v2">
                <JsonView
                  value={data.paymentRequired}
                  what="decoded PAYMENT-REQUIRED"
                  changedFrom={before?.paymentRequired}
                />
              </Tabs.Panel>
              <Tabs.Panel value="body">
                <JsonView value={data.body} what="body of the 402" changedFrom={before?.body} />
              </Tabs.Panel>
              <Tabs.Panel value="headers">
                <JsonView
                  value={data.headers.map(({ name, value }) => `${name}: ${value}`).join('\n')}
                  what="headers"
                />
              </Tabs.Panel>
              <Tabs.Panel value="curl">
                <JsonView value={data.curl} what="curl command" />
              </Tabs.Panel>
            </div>
          </Tabs>
        </div>
      )}
    </Card>
  );
}
