// Made by `npm run client` from the OpenAPI documents of the server: change those, not this.
export interface paths {
  "/api/v1/health": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Health check
     * @description Answers as long as the api runs.
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
        /** @description It runs */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {string} */
              status: "ok";
            };
          };
        };
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
  "/api/v1/user/placeholder": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * User dashboard APIs will live here.
     * @description Tells that the token is good for what will be here.
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
        /** @description A greeting */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              message: string;
            };
          };
        };
        401: components["responses"]["Error401"];
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
  "/api/v1/admin/placeholder": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Admin dashboard APIs will live here.
     * @description Tells that the token is good for what will be here.
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
        /** @description A greeting */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              message: string;
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
  "/api/v1/admin/phones": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List phones
     * @description The numbers of all accounts, newest first. `search` is a part of the number, of a tag or of the agent’s name.
     */
    get: {
      parameters: {
        query?: {
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Items per page, 100 at most */
          pageSize?: number;
          /**
           * @description Search term
           * @example +91
           */
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
                /** @example phone_12 */
                id: string;
                /** @description E.164 */
                number: string;
                tags: string[];
                /** @description null: nobody answers it */
                agentId: string | null;
                /** @description And whatever the phone company or the import says of it */
                meta: {
                  /** @example 2025-11-01T10:00:00.000Z */
                  createdAt: string;
                  /** @example 2025-11-01T10:00:00.000Z */
                  updatedAt: string;
                  /** @description The account that has it */
                  tenantId: string;
                  isActive: boolean;
                  /** @description Who the number is from; null: nobody has said */
                  carrier: string | null;
                } & {
                  [key: string]: unknown;
                };
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
              }[];
              page: number;
              pageSize: number;
              total: number;
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
  "/api/v1/admin/phones/{phone}/set_agent": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Set phone agent
     * @description Gives a number to an agent of the account that has it; a number of the administrator’s own account goes over to the agent’s. With `null` nobody answers it any more. An agent that stands for one of the phone company is set there first. With `CARRIER=exotel` this is what makes it Exotel’s number of that account (`meta.carrier`): calls to it go to the agent, also where another account entered the same number before.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /**
           * @description Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.
           * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
           */
          "Idempotency-Key"?: string;
        };
        path: {
          /**
           * @description The number, its plus sign encoded or not, or its id
           * @example +14155550100
           */
          phone: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** @description null: nobody answers it */
            agentId: string | null;
          };
        };
      };
      responses: {
        /** @description The agent is set */
        200: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              phone: string;
              agentId: string | null;
              /** @description What the phone company answered */
              out: {
                success: boolean;
                agentId: string | null;
              } & {
                [key: string]: unknown;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        502: components["responses"]["Error502"];
        503: components["responses"]["Error503"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/phones/{phone}/tags": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Update phone tags
     * @description Replaces the tags of a number, at the phone company first where the number is there.
     */
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /**
           * @description The number, its plus sign encoded or not, or its id
           * @example +14155550100
           */
          phone: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @example [
             *       "vip",
             *       "beta"
             *     ]
             */
            tags: string[];
          };
        };
      };
      responses: {
        /** @description The tags are set */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              phone: string;
              tags: string[];
              /** @description What the phone company answered */
              out: {
                success: boolean;
                tags: string[];
              } & {
                [key: string]: unknown;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        502: components["responses"]["Error502"];
        503: components["responses"]["Error503"];
      };
    };
    trace?: never;
  };
  "/api/v1/admin/phones/import": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Import phones
     * @description Queues a list of numbers for the administrator’s own account, from where `set_agent` gives them to agents. What is no E.164 number, or is refused by the phone company, stands in the import’s report (`GET /admin/phones/import/{jobId}`).
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /**
           * @description Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.
           * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
           */
          "Idempotency-Key"?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @example [
             *       "+14155550100",
             *       "+14155550101"
             *     ]
             */
            phones: string[];
          };
        };
      };
      responses: {
        /** @description Queued */
        202: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              message: string;
              result: {
                /** @example import_12 */
                jobId: string;
                /** @enum {string} */
                status: "pending";
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        409: components["responses"]["Error409_2"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/phones/import/{jobId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read an import
     * @description How far it is, and the first thousand of its bad numbers.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @example import_12 */
          jobId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The import */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              jobId: string;
              /** @enum {string} */
              status: "pending" | "processing" | "completed" | "failed";
              /** @description Numbers in the list */
              total: number;
              processed: number;
              imported: number;
              /** @description Came twice in the list, or some account has them already */
              duplicates: number;
              failed: number;
              /** @description Why the whole import failed */
              error: string | null;
              errors: {
                /** @description Its place in the list, from 1 */
                row: number;
                phone: string;
                message: string;
              }[];
              /** @example 2025-11-01T10:00:00.000Z */
              createdAt: string;
              /**
               * @description null: it is not over
               * @example 2025-11-01T10:00:00.000Z
               */
              completedAt: string | null;
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
  "/api/v1/admin/campaigns/{id}/approve": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Approve or reject a campaign
     * @description Of any account, also while it runs: nothing of a rejected campaign rings any more. What of it stands in line waits; approved again, it goes on from there. Each word is kept.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /**
           * @description Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.
           * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
           */
          "Idempotency-Key"?: string;
        };
        path: {
          /** @example campaign_123 */
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            approve: boolean;
            /** @example Meets compliance requirements */
            reason?: string;
            /** @description The phone company’s campaign that this one stands for, which is started and stopped with it from now on */
            carrierCampaignId?: string;
          };
        };
      };
      responses: {
        /** @description Decided */
        200: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {string} */
              status: "approved" | "rejected";
              record: {
                campaignId: string;
                /** @description Who decided */
                approvedBy: string;
                /** @enum {string} */
                status: "approved" | "rejected";
                /** @description Empty: none was given */
                reason: string;
                /** @description What the phone company answered, where the campaign stands for one of it */
                millisResponse: {
                  success: boolean;
                  status: string;
                } & {
                  [key: string]: unknown;
                };
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        502: components["responses"]["Error502"];
        503: components["responses"]["Error503"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/call_logs": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List call logs
     * @description Every call of all accounts that was dialed, newest first. Dates bound `startedAt`, both inclusive: UTC where they have no offset, a day without a time all of that day. A `status` that no dialed call has finds nothing.
     */
    get: {
      parameters: {
        query?: {
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Items per page, 100 at most */
          pageSize?: number;
          /**
           * @description ISO 8601
           * @example 2025-09-01T00:00:00Z
           */
          from?: string;
          /**
           * @description ISO 8601
           * @example 2025-09-01T00:00:00Z
           */
          to?: string;
          /**
           * @description Call status
           * @example completed
           */
          status?: string;
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
                /** @example call_12 */
                id: string;
                /** @description E.164; null: a record of a call made elsewhere does not say */
                from: string | null;
                /** @description E.164 */
                to: string;
                /**
                 * @description When it was dialed
                 * @example 2025-11-01T10:00:00.000Z
                 */
                startedAt: string;
                /**
                 * @description null: it is under way
                 * @example 2025-11-01T10:00:00.000Z
                 */
                endedAt: string | null;
                /** @description Of the talk; 0: nobody answered; null: it is under way */
                durationSec: number | null;
                /**
                 * @example dialing
                 * @example unknown
                 * @example ringing
                 * @example in_progress
                 * @example completed
                 * @example no_answer
                 * @example busy
                 * @example failed
                 * @example voicemail
                 * @example abandoned
                 */
                status: string;
                meta: {
                  agentId: string;
                  /** @description null: it is no campaign’s */
                  campaignId: string | null;
                  /** @description Whose call it is */
                  tenantId: string;
                  direction: string;
                  /** @description null: it did not fail */
                  failureReason: string | null;
                };
                /**
                 * @description When it was asked for
                 * @example 2025-11-01T10:00:00.000Z
                 */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
              }[];
              page: number;
              pageSize: number;
              total: number;
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
  "/api/v1/admin/sessions": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List sessions
     * @description Every talk of all accounts, the one dialed last first. `phone` is the whole number of the person talked to; what names no number, or no agent, finds nothing.
     */
    get: {
      parameters: {
        query?: {
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Items per page, 100 at most */
          pageSize?: number;
          /** @example +14155550100 */
          phone?: string;
          /** @example agent_123 */
          agentId?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of talks */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              items: {
                /**
                 * @description Of the call with the same number
                 * @example session_12
                 */
                id: string;
                /** @description Of the person talked to, E.164; null: it is not known */
                userPhone: string | null;
                agentId: string;
                /**
                 * @description When it was answered
                 * @example 2025-11-01T10:00:00.000Z
                 */
                startedAt: string;
                /**
                 * @description null: they talk
                 * @example 2025-11-01T10:00:00.000Z
                 */
                endedAt: string | null;
                meta: {
                  /** @description null: it is no campaign’s */
                  campaignId: string | null;
                  /** @description Seconds; null: they talk */
                  duration: number | null;
                  callId: string;
                  /** @description Whose call it is */
                  tenantId: string;
                  direction: string;
                };
                /**
                 * @description When the call was asked for
                 * @example 2025-11-01T10:00:00.000Z
                 */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
              }[];
              page: number;
              pageSize: number;
              total: number;
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
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: never;
  responses: {
    /** @description Over the limit; `Retry-After` says for how many seconds */
    Error429: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          error?: string;
          code?: string;
          errors?: {
            msg: string;
            param: string;
            location: string;
          }[];
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
          error?: string;
          code?: string;
          errors?: {
            msg: string;
            param: string;
            location: string;
          }[];
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
          error?: string;
          code?: string;
          errors?: {
            msg: string;
            param: string;
            location: string;
          }[];
        };
      };
    };
    /** @description No, a bad or an expired token */
    Error401: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          error?: string;
          code?: string;
          errors?: {
            msg: string;
            param: string;
            location: string;
          }[];
        };
      };
    };
    /** @description The user is no platform administrator */
    Error403: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          error?: string;
          code?: string;
          errors?: {
            msg: string;
            param: string;
            location: string;
          }[];
        };
      };
    };
    /** @description The JSON cannot be read, or a field is wrong: `errors` names them */
    Error400: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          error?: string;
          code?: string;
          errors?: {
            msg: string;
            param: string;
            location: string;
          }[];
        };
      };
    };
    /** @description There is no such thing */
    Error404: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          error?: string;
          code?: string;
          errors?: {
            msg: string;
            param: string;
            location: string;
          }[];
        };
      };
    };
    /** @description The state of things does not allow this, or the number is several accounts’ */
    Error409: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          error?: string;
          code?: string;
          errors?: {
            msg: string;
            param: string;
            location: string;
          }[];
        };
      };
    };
    /** @description The request is too large */
    Error413: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          error?: string;
          code?: string;
          errors?: {
            msg: string;
            param: string;
            location: string;
          }[];
        };
      };
    };
    /** @description Not JSON */
    Error415: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          error?: string;
          code?: string;
          errors?: {
            msg: string;
            param: string;
            location: string;
          }[];
        };
      };
    };
    /** @description `Idempotency-Key` was used for another request */
    Error422: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          error?: string;
          code?: string;
          errors?: {
            msg: string;
            param: string;
            location: string;
          }[];
        };
      };
    };
    /** @description The phone company failed or refused, and nothing has changed */
    Error502: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          error?: string;
          code?: string;
          errors?: {
            msg: string;
            param: string;
            location: string;
          }[];
        };
      };
    };
    /** @description Also: the first request with this `Idempotency-Key` is in progress (`Retry-After`), or was cut off and nobody knows what it did */
    Error409_2: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          error?: string;
          code?: string;
          errors?: {
            msg: string;
            param: string;
            location: string;
          }[];
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
