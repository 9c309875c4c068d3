// Made by `npm run client` from the OpenAPI documents of the server: change those, not this.
export interface paths {
  "/api/v1/me": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * User profile with billing
     * @description The user behind the session with the credit of the account. Up to 15 seconds old.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The user and the account’s credit */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              user: {
                /** @example user_123 */
                id: string;
                email: string;
                name: string;
                /**
                 * @description On the platform, as in `whoami`
                 * @enum {string}
                 */
                role: "user" | "admin";
                /**
                 * @description In the account: what the dashboard is open to
                 * @enum {string}
                 */
                tenant_role: "owner" | "admin" | "manager" | "agent";
              };
              billing: {
                /** @description What may still be spent, from the ledger */
                credit: number;
                /** @description What calls have cost so far */
                used_credit: number;
                /** @description Calls go on when the credit is used up */
                auto_refill: boolean;
              };
            };
          };
        };
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/agents": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List agents
     * @description AI agents, newest first. Up to 45 seconds old.
     */
    get: {
      parameters: {
        query?: {
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Items per page, 100 at most */
          pageSize?: number;
          /** @description Part of the name */
          search?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of agents */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              items: {
                /** @example agent_123 */
                id: string;
                name: string;
                /** @description null: none was chosen */
                voice_label: string | null;
                /** @example en-US */
                language: string;
                /** @example 2025-11-01T10:00:00.000Z */
                created_at: string;
              }[];
              total: number;
              page: number;
              pageSize: number;
              totalPages: number;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/call-logs": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List call logs
     * @description Those asked for last come first; that moment never changes, and `from` and `to` bound it too, whereas `ts` tells when a call was dialed. Follow `next_cursor` with the same filters: calls that come in meanwhile stand before the first page, so none is shown twice or left out. A page is up to 30 seconds old.
     */
    get: {
      parameters: {
        query?: {
          /** @description Items per page, 100 at most */
          limit?: number;
          /**
           * @description Asked for since: ISO 8601 date or time, inclusive; in UTC unless it has an offset
           * @example 2024-01-31
           */
          from?: string;
          /**
           * @description The same; a date without a time is all of that day
           * @example 2024-01-31
           */
          to?: string;
          /** @example agent_123 */
          agent_id?: string;
          status?: "completed" | "failed" | "abandoned" | "live" | "queued" | "pending";
          /** @description `next_cursor` of the page before, with the same filters */
          cursor?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of calls */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              items: {
                /** @example sess_123456 */
                session_id: string;
                /**
                 * @description When it was dialed; until then for when it was asked, or when it was asked for
                 * @example 2025-11-01T10:00:00.000Z
                 */
                ts: string;
                agent: {
                  /** @example agent_123 */
                  id: string;
                  name: string;
                };
                /** @example +1*** **45 */
                masked_phone: string;
                /** @description 0 until the call has ended */
                duration_sec: number;
                /** @enum {string} */
                status: "completed" | "failed" | "abandoned" | "live" | "queued" | "pending";
                /**
                 * @description Why it was not dialed, or how it ended; null: it was completed, or is not over
                 * @example Nobody answered
                 */
                reason: string | null;
                /** @description 0 while nothing has been charged */
                cost: number;
              }[];
              /** @description Leads to the page after this one; null: there is none */
              next_cursor: string | null;
              has_more: boolean;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/call-logs/{sessionId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get call detail
     * @description One call: what was said, without phone numbers, e-mail addresses and payment cards, and what it cost.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /**
           * @description `sess_123`, `session_123`, `call_123` or `123`
           * @example sess_123
           */
          sessionId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The call */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @example sess_123456 */
              session_id: string;
              /**
               * @description When it was dialed; until then for when it was asked, or when it was asked for
               * @example 2025-11-01T10:00:00.000Z
               */
              ts: string;
              agent: {
                /** @example agent_123 */
                id: string;
                name: string;
              };
              /** @example +1*** **45 */
              masked_phone: string;
              /** @description 0 until the call has ended */
              duration_sec: number;
              /** @enum {string} */
              status: "completed" | "failed" | "abandoned" | "live" | "queued" | "pending";
              /**
               * @description Why it was not dialed, or how it ended; null: it was completed, or is not over
               * @example Nobody answered
               */
              reason: string | null;
              /** @description 0 while nothing has been charged */
              cost: number;
              chat: {
                /** @example 2025-11-01T10:00:00.000Z */
                timestamp: string;
                /** @enum {string} */
                speaker: "agent" | "customer";
                /** @description Phone numbers, e-mail addresses and payment cards are replaced */
                message: string;
              }[];
              cost_breakdown: {
                /** @example call_duration */
                type: string;
                amount: number;
                /** @example 3 minutes at $0.033/min */
                description: string;
              }[];
              recording: {
                available: boolean;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/call-logs/{sessionId}/recording": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Stream call recording
     * @description The audio of the call. `Range` with a single range of bytes gets that part; several, or none, the whole file. HEAD tells its size and type.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /**
           * @description `sess_123`, `session_123`, `call_123` or `123`
           * @example sess_123
           */
          sessionId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The audio */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "audio/*": Blob;
          };
        };
        /** @description A part of it */
        206: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "audio/*": Blob;
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        416: components["responses"]["Error416"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List campaigns
     * @description Newest first.
     */
    get: {
      parameters: {
        query?: {
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Items per page, 100 at most */
          pageSize?: number;
          /** @description Part of the name */
          search?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of campaigns */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              items: {
                /** @example campaign_123 */
                id: string;
                name: string;
                /**
                 * @description inactive: a draft, paused, or rejected by the platform’s administrator
                 * @enum {string}
                 */
                status: "active" | "inactive" | "completed";
                /** @example 2025-11-01T10:00:00.000Z */
                created_at: string;
              }[];
              total: number;
              page: number;
              pageSize: number;
              totalPages: number;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get campaign detail
     * @description One campaign and whom it is for.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `campaign_123` or `123` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The campaign */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @example campaign_123 */
              id: string;
              name: string;
              /**
               * @description inactive: a draft, paused, or rejected by the platform’s administrator
               * @enum {string}
               */
              status: "active" | "inactive" | "completed";
              /** @example 2025-11-01T10:00:00.000Z */
              created_at: string;
              description: string | null;
              target_audience: string | null;
              /** @description Calls made for it */
              call_volume: number;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns/{id}/info": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get campaign info
     * @description What became of its calls, and by which rules it dials.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `campaign_123` or `123` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Its metrics and settings */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @example campaign_123 */
              id: string;
              metrics: {
                /** @description Calls that have ended */
                total_calls: number;
                completed_calls: number;
                /** @description Completed of all, from 0 to 1; 0 before the first call has ended */
                success_rate: number;
              };
              settings: {
                /** @description Dials of one contact after the first */
                max_retries: number;
                /** @description Seconds that a phone rings */
                call_timeout: number;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/phones": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List phone numbers
     * @description Newest first, masked: the calling code and the last two digits are shown.
     */
    get: {
      parameters: {
        query?: {
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Items per page, 100 at most */
          pageSize?: number;
          /** @description Part of the mask or of a tag, or a whole number: `**45`, `sales`, `+12125550145`, `2125550145` */
          search?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of numbers */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              items: {
                /**
                 * @description The number, masked; two may look alike
                 * @example +1*** **45
                 */
                id: string;
                /**
                 * @description Names the number for certain
                 * @example phone_123
                 */
                handle: string;
                /**
                 * @description null: no agent answers it
                 * @example agent_123
                 */
                agent_id: string | null;
                /** @enum {string} */
                status: "active" | "inactive";
                tags: string[];
                /** @example 2025-11-01T10:00:00.000Z */
                created_at: string;
              }[];
              total: number;
              page: number;
              pageSize: number;
              totalPages: number;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/phones/{phone}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get phone detail
     * @description By mask or by handle. A mask that fits several numbers is 409 with the handles of these.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /**
           * @description `+1*** **45`, `phone_123` or `123`
           * @example phone_123
           */
          phone: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The number */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /**
               * @description The number, masked; two may look alike
               * @example +1*** **45
               */
              id: string;
              /**
               * @description Names the number for certain
               * @example phone_123
               */
              handle: string;
              /**
               * @description null: no agent answers it
               * @example agent_123
               */
              agent_id: string | null;
              /** @enum {string} */
              status: "active" | "inactive";
              tags: string[];
              /** @example 2025-11-01T10:00:00.000Z */
              created_at: string;
              meta: {
                /**
                 * @description Country; null: the number is of none
                 * @example US
                 */
                region: string | null;
                /**
                 * @description null: the number does not tell it
                 * @example America/New_York
                 */
                timezone: string | null;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/exports/calls.csv": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Export call logs
     * @description In the order of the call log, 10,000 calls a file; `x-next-cursor` leads to the next one, and is missing from the last. It is read as it is sent: a file that breaks off is not whole. Names that a spreadsheet would read as a formula begin with an apostrophe; masked numbers, in which no formula can hide, stand as everywhere. 5 files an hour and user; a refused request is none, nor is HEAD, which tells all but the cursor.
     */
    get: {
      parameters: {
        query?: {
          /**
           * @description ISO 8601, inclusive; without it the 30 days before `to`
           * @example 2024-01-31
           */
          from?: string;
          /**
           * @description ISO 8601, inclusive, 30 days after `from` at most; without it the present
           * @example 2024-01-31
           */
          to?: string;
          /** @example agent_123 */
          agent_id?: string;
          status?: "completed" | "failed" | "abandoned" | "live" | "queued" | "pending";
          /** @description `x-next-cursor` of the file before, with the same filters */
          cursor?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The calls */
        200: {
          headers: {
            /** @description Where the next file begins */
            "x-next-cursor"?: string;
            [name: string]: unknown;
          };
          content: {
            "text/csv": string;
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: never;
  responses: {
    /** @description No session cookie, or its session is over */
    Error401: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          error: string;
          code: string;
          /** @description Seconds */
          retryAfter?: number;
          /** @description With `AMBIGUOUS_PHONE`: what the numbers can be asked for by */
          handles?: string[];
        };
      };
    };
    /** @description For the roles owner and admin */
    Error403: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          error: string;
          code: string;
          /** @description Seconds */
          retryAfter?: number;
          /** @description With `AMBIGUOUS_PHONE`: what the numbers can be asked for by */
          handles?: string[];
        };
      };
    };
    /** @description Over the limit; `Retry-After` and `retryAfter` say for how many seconds */
    Error429: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          error: string;
          code: string;
          /** @description Seconds */
          retryAfter?: number;
          /** @description With `AMBIGUOUS_PHONE`: what the numbers can be asked for by */
          handles?: string[];
        };
      };
    };
    /** @description Our fault */
    Error500: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          error: string;
          code: string;
          /** @description Seconds */
          retryAfter?: number;
          /** @description With `AMBIGUOUS_PHONE`: what the numbers can be asked for by */
          handles?: string[];
        };
      };
    };
    /** @description The database is away */
    Error503: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          error: string;
          code: string;
          /** @description Seconds */
          retryAfter?: number;
          /** @description With `AMBIGUOUS_PHONE`: what the numbers can be asked for by */
          handles?: string[];
        };
      };
    };
    /** @description The query or the path is wrong; `error` names the field */
    Error400: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          error: string;
          code: string;
          /** @description Seconds */
          retryAfter?: number;
          /** @description With `AMBIGUOUS_PHONE`: what the numbers can be asked for by */
          handles?: string[];
        };
      };
    };
    /** @description There is no such thing, or it belongs to somebody else */
    Error404: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          error: string;
          code: string;
          /** @description Seconds */
          retryAfter?: number;
          /** @description With `AMBIGUOUS_PHONE`: what the numbers can be asked for by */
          handles?: string[];
        };
      };
    };
    /** @description The recording has no such bytes: `RANGE_NOT_SATISFIABLE`, and `Content-Range` says how many there are */
    Error416: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          error: string;
          code: string;
          /** @description Seconds */
          retryAfter?: number;
          /** @description With `AMBIGUOUS_PHONE`: what the numbers can be asked for by */
          handles?: string[];
        };
      };
    };
    /** @description More than one phone looks like this: `AMBIGUOUS_PHONE`, with their `handles` */
    Error409: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          error: string;
          code: string;
          /** @description Seconds */
          retryAfter?: number;
          /** @description With `AMBIGUOUS_PHONE`: what the numbers can be asked for by */
          handles?: string[];
        };
      };
    };
  };
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
