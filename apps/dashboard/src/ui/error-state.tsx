import { Button } from '@mantine/core';
import classes from './state.module.css';

export interface ErrorStateProps {
  /** What could not be shown: "Payments could not be loaded". */
  title: string;
  error: Error & { requestId?: string | null };
  onRetry?: () => void;
}

/** One part failed: what, why, the request's id, and Try again. Other parts keep working. */
export function ErrorState({ title, error, onRetry }: ErrorStateProps) {
  return (
    <div className={classes.state} role="alert">
      <p className={classes.title}>{title}</p>
      <p className={classes.text}>{error.message}</p>
      {error.requestId ? (
        <p className={classes.id}>
          Request <span className="tb-mono">{error.requestId}</span>
        </p>
      ) : null}
      {onRetry ? (
        <div className={classes.action}>
          <Button variant="default" size="xs" onClick={onRetry}>
            Try again
          </Button>
        </div>
      ) : null}
    </div>
  );
}
