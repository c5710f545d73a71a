import { Notice } from './notice.js';

export interface FormErrorProps {
  error: (Error & { requestId?: string | null }) | null;
}

/** Why a form was not taken, above its button. What was typed stays. */
export function FormError({ error }: FormErrorProps) {
  if (error === null) return null;
  return (
    <div role="alert">
      <Notice tone="bad">
        {error.message}
        {error.requestId ? <span className="tb-small tb-muted"> Request {error.requestId}</span> : null}
      </Notice>
    </div>
  );
}
