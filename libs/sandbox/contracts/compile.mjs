// Compiles the contracts to JSON with npm `solc` (no download; the output depends on nothing else).
//   node contracts/compile.mjs           writes one file for each contract
//   node contracts/compile.mjs --check   exits 1 when a stored file differs
import { readFileSync, writeFileSync } from 'node:fs';
import solc from 'solc';

const contracts = { DevUsd: 'DevUsd.sol', DevAccount: 'DevAccount.sol', DevAccountFactory: 'DevAccount.sol', DevMulticall: 'DevAccount.sol' };
const sources = [...new Set(Object.values(contracts))];

const output = JSON.parse(
  solc.compile(
    JSON.stringify({
      language: 'Solidity',
      sources: Object.fromEntries(
        sources.map((name) => [name, { content: readFileSync(new URL(name, import.meta.url), 'utf8') }]),
      ),
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

for (const [name, source] of Object.entries(contracts)) {
  const contract = output.contracts[source][name];
  const code = contract.evm.deployedBytecode.object;
  const artifact = { compiler: `solc ${solc.version()}`, abi: contract.abi, runtime: `0x${code}` };
  const text = `${JSON.stringify(artifact, null, 2)}\n`;
  const target = new URL(`${name}.json`, import.meta.url);
  if (!process.argv.includes('--check')) {
    writeFileSync(target, text);
    console.log(`wrote ${target.pathname}: ${code.length / 2} bytes of code`);
  } else if (readFileSync(target, 'utf8') !== text) {
    console.error(`${name}.json is not what ${source} compiles to: run node contracts/compile.mjs`);
    process.exitCode = 1;
  }
}
