import { Button, Checkbox, Modal, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type Wallet, walletListSchema, walletSchema } from '@tollbook/contract';
import { useState } from 'react';
import { useBook, useMay } from '../../api/book-context.js';
import { fieldErrorsOf } from '../../api/field-errors.js';
import { tellDone } from '../../api/tell.js';
import { Card } from '../../ui/card.js';
import { CardLines } from '../../ui/card-lines.js';
import { Chip } from '../../ui/chip.js';
import { DataTable } from '../../ui/data-table.js';
import { EmptyState } from '../../ui/empty-state.js';
import { FormError } from '../../ui/form-error.js';
import { formatCount } from '../../ui/format-count.js';
import { HashText } from '../../ui/hash-text.js';
import type { DataColumn } from '../../ui/list-parts.js';
import { Notice } from '../../ui/notice.js';
import { QueryView } from '../../ui/query-view.js';
import { TimeText } from '../../ui/time-text.js';
import { networkName } from '../networks/network-name.js';
import classes from './settings-page.module.css';

/** The receiving addresses of the book. None is ever taken away: what it received stays watched. */
export function WalletsCard() {
  const { api } = useBook();
  const mayWrite = useMay('wallets:write');
  const [isAdding, setIsAdding] = useState(false);
  const [assigning, setAssigning] = useState<Wallet | null>(null);
  const query = useQuery({
    queryKey: ['wallets', api.bookSlug],
    queryFn: ({ signal }) => api.get('/v1/wallets', walletListSchema, { limit: 100 }, signal),
  });
  const add = mayWrite ? (
    <Button variant="default" size="xs" onClick={() => setIsAdding(true)}>
      Add wallet
    </Button>
  ) : null;
  return (
    <Card
      title="Wallets"
      note="One address receives per network. Tollbook holds no key to any of them."
      action={add}
      isFlush
    >
      <QueryView query={query} failure="Wallets could not be loaded">
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState title="No wallet yet" action={add}>
              Add the address that your payments go to.
            </EmptyState>
          ) : (
            <DataTable
              label="Wallets"
              rows={data}
              columns={columnsOf(mayWrite ? setAssigning : null)}
              rowId={({ id }) => id}
              card={(wallet) => <WalletCard wallet={wallet} onAssign={mayWrite ? setAssigning : null} />}
            />
          )
        }
      </QueryView>
      <AddWallet
        isOpen={isAdding}
        onClose={() => setIsAdding(false)}
        networks={[...new Set((query.data?.data ?? []).map(({ network }) => network))]}
      />
      <AssignWallet wallet={assigning} onClose={() => setAssigning(null)} />
    </Card>
  );
}

/** Older blocks are read beside the newest: how many are left. */
function unreadText(unread: Wallet['assets'][number]['unread']): string {
  if (unread === null) return '';
  return ` (${formatCount(unread.to - unread.from + 1, 'older block', 'older blocks')} to read)`;
}

type Assign = ((wallet: Wallet) => void) | null;

function columnsOf(onAssign: Assign): DataColumn<Wallet>[] {
  return [
    { id: 'network', header: 'Network', isRowHeader: true, cell: ({ network }) => networkName(network) },
    { id: 'address', header: 'Address', cell: ({ address }) => <HashText value={address} what="address" /> },
    { id: 'label', header: 'Label', cell: ({ label }) => label || '—' },
    {
      id: 'assets',
      header: 'Assets',
      isWideOnly: true,
      cell: ({ assets }) => assets.map(({ asset, unread }) => `${asset}${unreadText(unread)}`).join(', '),
    },
    {
      id: 'since',
      header: 'Receives since',
      isWideOnly: true,
      cell: ({ receivingSince }) => <TimeText at={receivingSince} />,
    },
    { id: 'state', header: 'State', cell: (wallet) => <Receiving wallet={wallet} onAssign={onAssign} /> },
  ];
}

function Receiving({ wallet, onAssign }: { wallet: Wallet; onAssign: Assign }) {
  if (wallet.isReceiving) {
    return (
      <Chip tone="ok" icon="check">
        Receiving
      </Chip>
    );
  }
  return onAssign ? (
    <Button variant="default" size="compact-sm" onClick={() => onAssign(wallet)}>
      Receive here
    </Button>
  ) : (
    <Chip tone="neutral">Watched</Chip>
  );
}

function WalletCard({ wallet, onAssign }: { wallet: Wallet; onAssign: Assign }) {
  return (
    <CardLines
      start={<HashText value={wallet.address} what="address" />}
      end={<Receiving wallet={wallet} onAssign={onAssign} />}
      below={networkName(wallet.network)}
      belowEnd={`${wallet.label}${unreadText(wallet.assets.find(({ unread }) => unread !== null)?.unread ?? null)}`}
    />
  );
}

function AddWallet({ isOpen, onClose, networks }: { isOpen: boolean; onClose: () => void; networks: string[] }) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const [network, setNetwork] = useState<string | null>(null);
  const [address, setAddress] = useState('');
  const [label, setLabel] = useState('');
  const [startBlock, setStartBlock] = useState('');
  const [isSmartAccount, setIsSmartAccount] = useState(false);
  const add = useMutation({
    mutationFn: () =>
      api.post('/v1/wallets', walletSchema, {
        network: network ?? networks[0],
        address: address.trim(),
        label: label.trim(),
        isSmartAccount,
        ...(startBlock.trim() === '' ? {} : { startBlock: Number(startBlock.trim()) }),
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['wallets'] });
      tellDone('The wallet is watched from now on.');
      setAddress('');
      setLabel('');
      setStartBlock('');
      setIsSmartAccount(false);
      onClose();
    },
  });
  const errors = fieldErrorsOf(add.error, ['network', 'address', 'label', 'startBlock']);
  return (
    <Modal opened={isOpen} onClose={onClose} title="Add wallet">
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <Select
          label="Network"
          data={networks.map((value) => ({ value, label: networkName(value) }))}
          value={network ?? networks[0] ?? null}
          onChange={setNetwork}
          error={errors.network}
          allowDeselect={false}
        />
        <TextInput
          label="Address"
          value={address}
          onChange={(e) => setAddress(e.currentTarget.value)}
          error={errors.address}
          data-autofocus
        />
        <TextInput label="Label" value={label} onChange={(e) => setLabel(e.currentTarget.value)} error={errors.label} />
        <TextInput
          label="First block"
          description="For an address that was used before: older blocks are read for it. Empty: from now on."
          inputMode="numeric"
          value={startBlock}
          onChange={(e) => setStartBlock(e.currentTarget.value)}
          error={errors.startBlock}
        />
        <Checkbox
          label="The address is a smart account"
          checked={isSmartAccount}
          onChange={(e) => setIsSmartAccount(e.currentTarget.checked)}
        />
        <FormError error={Object.keys(errors).length > 0 ? null : add.error} />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={add.isPending}>
            Add wallet
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function AssignWallet({ wallet, onClose }: { wallet: Wallet | null; onClose: () => void }) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const [reason, setReason] = useState('');
  const assign = useMutation({
    mutationFn: () => api.post(`/v1/wallets/${wallet?.id ?? ''}/assign`, walletSchema, { reason: reason.trim() }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['wallets'] });
      tellDone('New offers are paid to this wallet.');
      setReason('');
      onClose();
    },
  });
  const errors = fieldErrorsOf(assign.error, ['reason']);
  return (
    <Modal opened={wallet !== null} onClose={onClose} title="Receive here">
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          assign.mutate();
        }}
      >
        {wallet ? (
          <Notice tone="warn">
            New offers on {networkName(wallet.network)} will be paid to{' '}
            <HashText value={wallet.address} what="address" isWhole />. Check every character: money sent to a wrong
            address does not come back.
          </Notice>
        ) : null}
        <TextInput
          label="Reason"
          value={reason}
          onChange={(e) => setReason(e.currentTarget.value)}
          error={errors.reason}
          data-autofocus
        />
        <FormError error={errors.reason ? null : assign.error} />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={assign.isPending}>
            Receive here
          </Button>
        </div>
      </form>
    </Modal>
  );
}
