insert into networks (network_id, caip2, mode, family, block_ms, confirm_depth, explorer) values
  (1, 'eip155:84532', 'test', 'evm', 2000, 2, 'https://sepolia.basescan.org/tx/'),
  (2, 'eip155:8453', 'live', 'evm', 2000, 2, 'https://basescan.org/tx/'),
  (3, 'eip155:137', 'live', 'evm', 2000, 5, 'https://polygonscan.com/tx/');
--> statement-breakpoint
insert into assets (asset_id, network_id, contract, symbol, decimals, eip712_name, eip712_version) values
  (1, 1, '\x036cbd53842c5426634e7929541ec2318f3dcf7e', 'USDC', 6, 'USDC', '2'),
  (2, 2, '\x833589fcd6edb6e08f4c7c32d4f71b54bda02913', 'USDC', 6, 'USD Coin', '2'),
  (3, 3, '\x3c499c542cef5e3811e1192ce70d8cc03d5c3359', 'USDC', 6, 'USD Coin', '2');
