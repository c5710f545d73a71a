-- Depths: Ethereum's reorgs are one or two blocks deep; Arbitrum's sequencer and Avalanche's consensus make none, and their
-- depths only tell a node that is ahead of its siblings.
insert into networks (network_id, caip2, mode, family, block_ms, confirm_depth, explorer) values
  (4, 'eip155:1', 'live', 'evm', 12000, 5, 'https://etherscan.io/tx/'),
  (5, 'eip155:42161', 'live', 'evm', 250, 8, 'https://arbiscan.io/tx/'),
  (6, 'eip155:43114', 'live', 'evm', 2000, 2, 'https://snowtrace.io/tx/');
--> statement-breakpoint
insert into assets (asset_id, network_id, contract, symbol, decimals, eip712_name, eip712_version) values
  (4, 4, '\xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48', 'USDC', 6, 'USD Coin', '2'),
  (5, 5, '\xaf88d065e77c8cc2239327c5edb3a432268e5831', 'USDC', 6, 'USD Coin', '2'),
  (6, 6, '\xb97ef9ef8734c71904d8002f8b6bc66dd9c48a6e', 'USDC', 6, 'USD Coin', '2');
