// Preloaded into an api process by a test: notes every statement sent to PostgreSQL, and tells them when asked.
import pg from 'pg';

let statements = [];
const { query } = pg.Client.prototype;
pg.Client.prototype.query = function counted(config, ...rest) {
  statements.push(typeof config === 'string' ? config : (config?.text ?? String(config?.name)));
  return query.call(this, config, ...rest);
};

process.on('message', (message) => {
  if (message?.type !== 'statements') return;
  process.send({ type: 'statements', statements });
  statements = [];
});
