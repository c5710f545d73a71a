/** The channel on which a change of a book's configuration is told, as `<book id>:<configuration version>`. */
const channel = 'tollbook_config';

/** Makes a connection hear of configuration changes. */
export const listenConfigSql = `listen ${channel}`;
