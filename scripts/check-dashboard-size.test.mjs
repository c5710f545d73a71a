import { expect, it } from 'vitest';
import { weigh } from './check-dashboard-size.mjs';

const manifest = {
  'index.html': { file: 'index.js', css: ['index.css'], imports: ['_shared.js'] },
  '_shared.js': { file: 'shared.js' },
  'src/mode-app.tsx': { file: 'app.js', isDynamicEntry: true, imports: ['_shared.js', 'index.html'] },
  '_table.js': { file: 'table.js' },
  'src/features/payments/payments-page.tsx': {
    file: 'page.js',
    isDynamicEntry: true,
    imports: ['_table.js', '_shared.js'],
  },
  'src/features/overview/overview-page.tsx': {
    file: 'overview.js',
    isDynamicEntry: true,
    imports: ['_table.js', '_shared.js'],
    dynamicImports: ['src/features/overview/revenue-chart.tsx'],
  },
  'src/features/overview/revenue-chart.tsx': {
    file: 'chart.js',
    isDynamicEntry: true,
    imports: ['_table.js', '_shared.js', 'src/features/overview/overview-page.tsx'],
  },
};

it('counts each file of the first load once, and of a page or a chart what it adds', () => {
  const kb = {
    'index.js': 100,
    'shared.js': 50,
    'app.js': 30,
    'index.css': 20,
    'table.js': 7,
    'page.js': 3,
    'overview.js': 5,
    'chart.js': 120,
  };
  expect(weigh(manifest, (file) => kb[file])).toEqual([
    { name: 'first load, script', kb: 180, budgetKb: 240 },
    { name: 'first load, styles', kb: 20, budgetKb: 40 },
    { name: 'payments/payments-page.tsx', kb: 10, budgetKb: 70 },
    { name: 'overview/overview-page.tsx', kb: 12, budgetKb: 70 },
    { name: 'overview/revenue-chart.tsx', kb: 120, budgetKb: 130 },
  ]);
});
