/** Ends a dbTx for good; its command tag is `ROLLBACK` when the transaction had failed before. */
export const commitSql = { name: 'commit', text: 'commit' };

/** Undoes a dbTx. */
export const rollbackSql = { name: 'rollback', text: 'rollback' };
