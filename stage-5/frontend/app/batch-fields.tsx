import { useEffect, useRef, useState } from 'react';

// A disabled field is not sent: without the tick, neither "times" nor "async".
export function BatchFields() {
  const [isAsync, setAsync] = useState(false);
  const box = useRef<HTMLInputElement>(null);

  // The box may be ticked already: by a user who was faster than the scripts, or by the browser on the way back.
  useEffect(() => setAsync(box.current!.checked), []);

  return (
    <>
      <label>
        {'Number of rolls '}
        <input name="times" type="number" min={1} max={10} defaultValue={10} required disabled={!isAsync} />
      </label>
      <label>
        <input
          ref={box}
          name="async"
          value="true"
          type="checkbox"
          checked={isAsync}
          onChange={(event) => setAsync(event.target.checked)}
        />
        {' Use async rolling'}
      </label>
    </>
  );
}
