// Compiles DevUsd.sol to DevUsd.json with npm `solc` (no download; the output depends on nothing else).
//   node contracts/compile.mjs           writes DevUsd.json
//   node contracts/compile.mjs --check   exits 1 when the stored file differs
import { readFileSync, writeFileSync } from 'node:fs';
import solc from 'solc';

const source = new URL('DevUsd.sol', import.meta.url);
const target = new URL('DevUsd.json', import.meta.url);

const output = JSON.parse(
  solc.compile(
    JSON.stringify({
      language: 'Solidity',
      sources: { 'DevUsd.sol': { content: readFileSync(source, 'utf8') } },
      settings: {
        viaIR: true,
        evmVersion: 'cancun',
        optimizer: { enabled: true, runs: 1000 },
        metadata: { bytecodeHash: 'none', appendCBOR: false },
        outputSelection: { '*': { '*': ['abi', 'evm.deployedBytecode.object'] } },
      },
    }),
  ),
);
const problems = output.errors ?? [];
for (const problem of problems) console.error(problem.formattedMessage);
if (problems.some((problem) => problem.severity === 'error')) process.exit(1);

const contract = output.contracts['DevUsd.sol'].DevUsd;
const artifact = {
  compiler: `solc ${solc.version()}`,
  abi: contract.abi,
  runtime: `0x${contract.evm.deployedBytecode.object}`,
};
const text = `${JSON.stringify(artifact, null, 2)}\n`;

if (!process.argv.includes('--check')) {
  writeFileSync(target, text);
  console.log(`wrote ${target.pathname}: ${contract.evm.deployedBytecode.object.length / 2} bytes of code`);
} else if (readFileSync(target, 'utf8') !== text) {
  console.error('DevUsd.json is not what DevUsd.sol compiles to: run node contracts/compile.mjs');
  process.exit(1);
}
