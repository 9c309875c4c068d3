// Made by `npm run client` from the OpenAPI documents of the server: change those, not this.
export interface paths {
  "/api/v1/auth/register": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Register user
     * @description Makes an account with its first user. Passwords have 8 characters or more and are not among the most common.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** @example user@example.com */
            email: string;
            /**
             * @description 8 to 256 characters
             * @example SecurePassword123!
             */
            password: string;
            /**
             * @description 1 to 200 characters
             * @example John Doe
             */
            name: string;
          };
        };
      };
      responses: {
        /** @description Registered */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
              data: {
                user: {
                  /** @example user_123 */
                  _id: string;
                  email: string;
                  name: string;
                };
                token: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        409: components["responses"]["Error409"];
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
  "/api/v1/exotel/webhook/incoming": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Exotel Passthru
     * @description The same from a Passthru applet of a call flow: 200 when the number’s agent takes the call or goes on talking, 302 when the flow is to go its other way. The address needs `?secret=` with `EXOTEL_WEBHOOK_SECRET`: Exotel signs nothing. Where `CARRIER` is another than exotel it is acknowledged and nothing is taken.
     */
    get: {
      parameters: {
        query: {
          /**
           * @description Exotel’s id of the call
           * @example exotel_call_sid
           */
          CallSid: string;
          /**
           * @description The secret that Exotel was given
           * @example EXOTEL_WEBHOOK_SECRET
           */
          secret?: string;
          /**
           * @description The number of ours that is called
           * @example +919876543211
           */
          To?: string;
          /**
           * @description The same
           * @example +919876543211
           */
          CallTo?: string;
          /**
           * @description Who calls
           * @example +919876543210
           */
          CallFrom?: string;
          /**
           * @description Which way the flow has gone
           * @example call-attempt
           */
          CallType?: string;
          /**
           * @description Keys that were pressed before, in double quotes
           * @example "1"
           */
          digits?: string;
          /**
           * @description Who calls; left out or unreadable: withheld
           * @example +919876543210
           */
          From?: string;
          /**
           * @description `in-progress` …; an ending ends the call
           * @example in-progress
           */
          CallStatus?: string;
          /**
           * @description `inbound` or `incoming`; default
           * @example inbound
           */
          Direction?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Ours */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
            };
          };
        };
        /** @description Not ours, or over */
        302: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    /**
     * Exotel incoming call
     * @description A call to one of the numbers, as JSON or as a form: it becomes a call of direction inbound of the number’s agent. Later words about the same call go here as well. The address needs `?secret=` with `EXOTEL_WEBHOOK_SECRET`: Exotel signs nothing. Where `CARRIER` is another than exotel it is acknowledged and nothing is taken.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @description Exotel’s id of the call
             * @example exotel_call_sid
             */
            CallSid: string;
            /**
             * @description The number of ours that is called
             * @example +919876543211
             */
            To: string;
            /**
             * @description Who calls; left out or unreadable: withheld
             * @example +919876543210
             */
            From?: string;
            /**
             * @description `in-progress` …; an ending ends the call
             * @example in-progress
             */
            CallStatus?: string;
            /**
             * @description `inbound` or `incoming`; default
             * @example inbound
             */
            Direction?: string;
          };
        };
      };
      responses: {
        /** @description Taken, whether or not the number is known */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
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
  "/api/v1/agents": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List agents
     * @description Newest first, page by page.
     */
    get: {
      parameters: {
        query?: {
          isActive?: boolean;
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Results per page, 100 at most */
          limit?: number;
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
              /** @enum {boolean} */
              success: true;
              data: {
                agents: {
                  /** @example agent_123 */
                  _id: string;
                  name: string;
                  isActive: boolean;
                  /** @example 2025-11-01T10:00:00.000Z */
                  createdAt: string;
                }[];
                pagination: {
                  total: number;
                  page: number;
                  limit: number;
                  pages: number;
                };
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    /**
     * Create agent
     * @description An AI agent with its instructions. It is active unless `isActive` says otherwise.
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
            /** @example Customer Support Agent */
            name: string;
            /** @example You are a helpful customer support agent for Acme Corp. */
            systemPrompt: string;
            /** @example Rachel */
            voice?: string;
            /** @example gpt-4 */
            model?: string;
            /** @example 0.7 */
            temperature?: number;
            /** @example 150 */
            maxTokens?: number;
            /** @description A switched-off agent dials nothing: calls of its campaigns wait until it is switched on, its others fail with that reason */
            isActive?: boolean;
            /** @description What it says first */
            greeting?: string;
            /** @description What it leaves on an answering machine */
            voicemailMessage?: string;
            /** @description BCP 47; default en-US */
            language?: string;
          };
        };
      };
      responses: {
        /** @description Created */
        201: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
              data: {
                /** @example agent_123 */
                _id: string;
                name: string;
                systemPrompt: string;
                /** @description null: the carrier’s own */
                voice: string | null;
                /** @description null: the installation’s own */
                model: string | null;
                temperature: number | null;
                maxTokens: number | null;
                isActive: boolean;
                /** @example user_123 */
                userId: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @description What it says first */
                greeting: string | null;
                /** @description What it leaves on an answering machine */
                voicemailMessage: string | null;
                /** @example en-US */
                language: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
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
  "/api/v1/agents/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get agent
     * @description One agent.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `agent_123` or `123` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The agent */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example agent_123 */
                _id: string;
                name: string;
                systemPrompt: string;
                /** @description null: the carrier’s own */
                voice: string | null;
                /** @description null: the installation’s own */
                model: string | null;
                temperature: number | null;
                maxTokens: number | null;
                isActive: boolean;
                /** @example user_123 */
                userId: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @description What it says first */
                greeting: string | null;
                /** @description What it leaves on an answering machine */
                voicemailMessage: string | null;
                /** @example en-US */
                language: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    /**
     * Update agent
     * @description Changes the fields that are given.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `agent_123` or `123` */
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** @example Customer Support Agent */
            name?: string;
            /** @example You are a helpful customer support agent for Acme Corp. */
            systemPrompt?: string;
            /** @example Rachel */
            voice?: string;
            /** @example gpt-4 */
            model?: string;
            /** @example 0.7 */
            temperature?: number;
            /** @example 150 */
            maxTokens?: number;
            /** @description A switched-off agent dials nothing: calls of its campaigns wait until it is switched on, its others fail with that reason */
            isActive?: boolean;
            /** @description What it says first */
            greeting?: string;
            /** @description What it leaves on an answering machine */
            voicemailMessage?: string;
            /** @description BCP 47; default en-US */
            language?: string;
          };
        };
      };
      responses: {
        /** @description Updated */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
              data: {
                /** @example agent_123 */
                _id: string;
                name: string;
                systemPrompt: string;
                /** @description null: the carrier’s own */
                voice: string | null;
                /** @description null: the installation’s own */
                model: string | null;
                temperature: number | null;
                maxTokens: number | null;
                isActive: boolean;
                /** @example user_123 */
                userId: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @description What it says first */
                greeting: string | null;
                /** @description What it leaves on an answering machine */
                voicemailMessage: string | null;
                /** @example en-US */
                language: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    post?: never;
    /**
     * Delete agent
     * @description Its finished calls stay readable; waiting ones fail with that reason; its numbers stand without an agent; its documents are deleted with it.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `agent_123` or `123` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Deleted */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
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
     * @description Newest first; `page` and `limit` are there for accounts with more than a thousand.
     */
    get: {
      parameters: {
        query?: {
          page?: number;
          /** @description Results per page, 1000 at most */
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The numbers */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example phone_123 */
                _id: string;
                /** @example +919876543210 */
                phoneNumber: string;
                /** @description null: no agent answers it */
                agentId: {
                  /** @example agent_123 */
                  _id: string;
                  name: string;
                } | null;
                isActive: boolean;
              }[];
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    /**
     * Register phone number
     * @description A number in E.164 form, and the agent that answers it and calls from it.
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
            /** @example +919876543210 */
            phoneNumber: string;
            /** @description `agent_123` or `123` */
            agentId?: string;
          };
        };
      };
      responses: {
        /** @description Registered */
        201: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
              data: {
                /** @example phone_123 */
                _id: string;
                /** @example +919876543210 */
                phoneNumber: string;
                /**
                 * @description null: no agent answers it
                 * @example agent_123
                 */
                agentId: string | null;
                /** @example user_123 */
                userId: string | null;
                isActive: boolean;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        409: components["responses"]["Error409"];
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
  "/api/v1/phones/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Update phone number
     * @description Changes its agent (null: none) or switches it on or off.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `phone_123` or `123` */
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            agentId?: string | null;
            isActive?: boolean;
          };
        };
      };
      responses: {
        /** @description Updated */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
              data: {
                /** @example phone_123 */
                _id: string;
                /** @example +919876543210 */
                phoneNumber: string;
                /**
                 * @description null: no agent answers it
                 * @example agent_123
                 */
                agentId: string | null;
                /** @example user_123 */
                userId: string | null;
                isActive: boolean;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/calls/outbound": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List calls
     * @description Newest first. `status` is one of the documented words or an exact one such as `busy`. Dates bound `createdAt`, both inclusive; a day without a time is all of that day in UTC.
     */
    get: {
      parameters: {
        query?: {
          status?: "scheduled" | "in-progress" | "completed" | "failed" | "cancelled" | "unscheduled" | "queued" | "dialing" | "unknown" | "ringing" | "in_progress" | "no_answer" | "busy" | "voicemail" | "abandoned";
          /** @description `agent_123` or `123` */
          agentId?: string;
          /** @description ISO 8601 */
          startDate?: string;
          /** @description ISO 8601 */
          endDate?: string;
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Results per page, 100 at most */
          limit?: number;
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
              /** @enum {boolean} */
              success: true;
              data: {
                calls: {
                  /** @example call_123 */
                  _id: string;
                  /** @example +919876543210 */
                  toPhone: string;
                  /** @example agent_123 */
                  agentId: string;
                  /** @enum {string} */
                  status: "scheduled" | "in-progress" | "completed" | "failed" | "cancelled" | "unscheduled";
                  /** @description Seconds; null until the call is over */
                  duration: number | null;
                  /** @example 2025-11-01T10:00:00.000Z */
                  createdAt: string;
                  /** @description no_answer, busy, failed, voicemail or abandoned; null unless the status is failed */
                  failureReason: string | null;
                  /** @enum {string} */
                  direction: "outbound" | "inbound";
                  /** @description The number that it is dialed from, or of an inbound call who calls; null: none yet, or withheld */
                  fromPhone: string | null;
                }[];
                pagination: {
                  total: number;
                  page: number;
                  limit: number;
                  pages: number;
                };
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    /**
     * Initiate call
     * @description Accepts a call. Without `scheduledFor` it is dialed now. A moment without an offset is local time in `timezone`. From here on it is dialed, or `GET` says why not.
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
             * @description Recipient, E.164
             * @example +919876543210
             */
            toPhone: string;
            /**
             * @description Agent to use for the call
             * @example agent_123
             */
            agentId: string;
            /** @description Additional context for the agent */
            context?: string;
            /** @description ISO 8601; default: now */
            scheduledFor?: string;
            /**
             * @description IANA name; default: UTC
             * @example Asia/Kolkata
             */
            timezone?: string;
            /**
             * @description Default: normal
             * @enum {string}
             */
            priority?: "high" | "normal" | "low";
          };
        };
      };
      responses: {
        /** @description Accepted */
        201: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
              data: {
                /** @example call_123 */
                _id: string;
                /** @example +919876543210 */
                toPhone: string;
                /** @example agent_123 */
                agentId: string;
                /** @enum {string} */
                status: "scheduled" | "in-progress" | "completed" | "failed" | "cancelled" | "unscheduled";
                /**
                 * @description The moment that was asked for; without one, that of the request
                 * @example 2025-11-01T10:00:00.000Z
                 */
                scheduledFor: string;
                /** @example Asia/Kolkata */
                timezone: string;
                /** @enum {string} */
                priority: "high" | "normal" | "low";
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
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
  "/api/v1/calls/outbound/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get call details
     * @description One call with its transcript, cost and, while it waits, the reason.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `call_123` or `123` */
          id: string;
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
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example call_123 */
                _id: string;
                /** @example +919876543210 */
                toPhone: string;
                /** @example agent_123 */
                agentId: string;
                /** @enum {string} */
                status: "scheduled" | "in-progress" | "completed" | "failed" | "cancelled" | "unscheduled";
                /** @description Seconds; null until the call is over */
                duration: number | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @description no_answer, busy, failed, voicemail or abandoned; null unless the status is failed */
                failureReason: string | null;
                /** @enum {string} */
                direction: "outbound" | "inbound";
                /** @description The number that it is dialed from, or of an inbound call who calls; null: none yet, or withheld */
                fromPhone: string | null;
                transcript: {
                  /** @enum {string} */
                  role: "assistant" | "user" | "system";
                  content: string;
                  /** @example 2025-11-01T10:00:00.000Z */
                  timestamp: string;
                  /** @description Only where the knowledge base was used */
                  metadata?: {
                    passages: {
                      /** @example doc_123 */
                      documentId: string;
                      documentTitle: string;
                      /** @description Of a PDF, from 1 */
                      page: number | null;
                      /** @description How well the passage fits what was said, from 0 to 1 */
                      score: number;
                    }[];
                  };
                }[];
                metadata: {
                  voicemailDetected: boolean;
                  /** @description null: the carrier did not measure it */
                  callQuality: string | null;
                };
                context: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                scheduledFor: string | null;
                timezone: string;
                /** @enum {string} */
                priority: "high" | "normal" | "low";
                /** @description In the account’s money; null until the call is priced */
                cost: number | null;
                /** @example 2025-11-01T10:00:00.000Z */
                answeredAt: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                endedAt: string | null;
                /** @description Why it failed, in words */
                failureDetail: string | null;
                /**
                 * @description The first call of the chain, for a retry; null for that call itself
                 * @example call_123
                 */
                originalCallId: string | null;
                /** @description 0: the first dial */
                retryAttempt: number;
                /**
                 * @description The recurring schedule that it is a run of
                 * @example schedule_123
                 */
                scheduleId: string | null;
                /** @description Why the call is not dialed yet; null when nothing holds it */
                waitingFor: {
                  reason: string;
                  message: string;
                  /** @example 2025-11-01T10:00:00.000Z */
                  until: string | null;
                } | null;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    /**
     * Cancel scheduled call
     * @description Possible until it is dialed, and again while a retry of it waits, which is cancelled then; else 409.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `call_123` or `123` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Cancelled */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/calls/outbound/{id}/why": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Why was this call (not) dialed?
     * @description What was decided about a call, the reason, when it is tried next, and every step so far; one that came in was not dialed, with the reason `inbound`. While it waits, the rules (do-not-call list, calling hours, credit, caps, the carrier) are asked at this moment; nothing is changed by asking.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `call_123` or `123` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The decision and its reason */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example call_123 */
                callId: string;
                /** @enum {string} */
                status: "scheduled" | "in-progress" | "completed" | "failed" | "cancelled" | "unscheduled";
                /** @enum {string} */
                exactStatus: "unscheduled" | "scheduled" | "queued" | "dialing" | "unknown" | "ringing" | "in_progress" | "completed" | "no_answer" | "busy" | "failed" | "voicemail" | "abandoned" | "cancelled";
                /** @enum {string} */
                decision: "dialed" | "waiting" | "not_dialed" | "cancelled";
                /**
                 * @description A word for machines; null when nothing held it back
                 * @enum {string|null}
                 */
                reason: "not_due" | "suppressed" | "tenant_inactive" | "not_interested" | "agent_inactive" | "campaign_not_running" | "agent_off" | "campaign_rejected" | "outside_hours" | "never_open" | "no_credit" | "number_busy" | "tenant_cap" | "campaign_cap" | "agent_cap" | "no_free_person" | "call_delay" | "carrier_cap" | "carrier_pace" | "carrier_paused" | "carrier_refused" | "in_line" | "inbound" | "unscheduled" | null;
                /** @description The same, and how it ended, for people */
                message: string;
                /**
                 * @description When it, or the retry that follows it, is looked at next; null: nothing more is tried
                 * @example 2025-11-01T10:00:00.000Z
                 */
                nextTryAt: string | null;
                /**
                 * @description When the rules were last asked about it: just now for a call that waits
                 * @example 2025-11-01T10:00:00.000Z
                 */
                askedAt: string | null;
                retry: {
                  /** @description 0: the first dial */
                  retryAttempt: number;
                  /**
                   * @description null: this is the original
                   * @example call_123
                   */
                  originalCallId: string | null;
                  /**
                   * @description The attempt that followed this one
                   * @example call_123
                   */
                  nextRetryId: string | null;
                  /**
                   * @description When that is due; null when it no longer waits
                   * @example 2025-11-01T10:00:00.000Z
                   */
                  nextRetryAt: string | null;
                };
                /** @description Its last 200 steps, oldest first */
                history: {
                  /** @example 2025-11-01T10:00:00.000Z */
                  at: string;
                  /** @example enqueue */
                  event: string;
                  /** @enum {string} */
                  from: "unscheduled" | "scheduled" | "queued" | "dialing" | "unknown" | "ringing" | "in_progress" | "completed" | "no_answer" | "busy" | "failed" | "voicemail" | "abandoned" | "cancelled";
                  /** @enum {string} */
                  to: "unscheduled" | "scheduled" | "queued" | "dialing" | "unknown" | "ringing" | "in_progress" | "completed" | "no_answer" | "busy" | "failed" | "voicemail" | "abandoned" | "cancelled";
                  /** @description Why, where there was a reason */
                  detail: string | null;
                }[];
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
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
  "/api/v1/bulk/import/{importId}/status": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get import status
     * @description How far an import is, and its first bad rows.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `import_123` or `123` */
          importId: string;
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
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example import_123 */
                importId: string;
                /** @enum {string} */
                status: "processing" | "completed" | "failed";
                totalRows: number;
                successfulRows: number;
                /** @description Duplicates included */
                failedRows: number;
                /** @description The first 100; errors.csv has more */
                errors: {
                  /** @description Line of the file, the header included */
                  row: number;
                  error: string;
                }[];
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @description null while it is read */
                completedAt: string | null;
                processedRows: number;
                duplicateRows: number;
                /** @description Imported, but look at them: errors.csv says why */
                warningRows: number;
                /** @description The first 100; errors.csv has more */
                warnings: {
                  row: number;
                  warning: string;
                }[];
                /** @description Why the file could not be read to its end */
                error: string | null;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
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
  "/api/v1/bulk/import/{importId}/errors.csv": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Download bad rows
     * @description The rows that were refused and those to look at, as CSV. Cells that a spreadsheet would read as a formula begin with an apostrophe.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `import_123` or `123` */
          importId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The report */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "text/csv": string;
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
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
  "/api/v1/bulk/import/{importId}/schedule": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Schedule the calls of an import
     * @description For imports made with `autoSchedule` false. A call whose time is over is due at once.
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
          /** @description `import_123` or `123` */
          importId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Scheduled */
        200: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
              data: {
                importId: string;
                scheduledRows: number;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        422: components["responses"]["Error422_2"];
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
  "/api/v1/do-not-call": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List numbers
     * @description Newest first, of this account; a list of the whole installation may stand beside it. Callees put themselves on it by asking for it in a call, or by pressing 9 (`OPT_OUT_KEY`).
     */
    get: {
      parameters: {
        query?: {
          /** @description E.164 */
          phone?: string;
          source?: "api" | "import" | "keypress" | "speech" | "agent" | "carrier";
          /** @description false: the released ones */
          active?: boolean;
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Results per page, 100 at most */
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of entries */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                entries: {
                  /** @example dnc_123 */
                  _id: string;
                  /** @example +919876543210 */
                  phone: string;
                  /**
                   * @description `keypress` and `speech`: the callee asked for it in a call
                   * @enum {string}
                   */
                  source: "api" | "import" | "keypress" | "speech" | "agent" | "carrier";
                  reason: string | null;
                  /** @description The call it was asked for in */
                  callId: string | null;
                  /** @description null: the callee */
                  createdBy: string | null;
                  /** @example 2025-11-01T10:00:00.000Z */
                  createdAt: string;
                  /** @description false: released, the number may be called */
                  active: boolean;
                  /** @example 2025-11-01T10:00:00.000Z */
                  releasedAt: string | null;
                  releasedBy: string | null;
                  releaseReason: string | null;
                }[];
                pagination: {
                  total: number;
                  page: number;
                  limit: number;
                  pages: number;
                };
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    /**
     * Add number
     * @description From this answer on it is not rung; calls that wait for it fail with that reason when their time comes. Listed already: 200, as it is.
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
             * @description E.164
             * @example +919876543210
             */
            phone: string;
            /** @example Asked by e-mail */
            reason?: string;
          };
        };
      };
      responses: {
        /** @description It was on the list */
        200: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
              data: {
                /** @example dnc_123 */
                _id: string;
                /** @example +919876543210 */
                phone: string;
                /**
                 * @description `keypress` and `speech`: the callee asked for it in a call
                 * @enum {string}
                 */
                source: "api" | "import" | "keypress" | "speech" | "agent" | "carrier";
                reason: string | null;
                /** @description The call it was asked for in */
                callId: string | null;
                /** @description null: the callee */
                createdBy: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @description false: released, the number may be called */
                active: boolean;
                /** @example 2025-11-01T10:00:00.000Z */
                releasedAt: string | null;
                releasedBy: string | null;
                releaseReason: string | null;
              };
            };
          };
        };
        /** @description Added */
        201: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
              data: {
                /** @example dnc_123 */
                _id: string;
                /** @example +919876543210 */
                phone: string;
                /**
                 * @description `keypress` and `speech`: the callee asked for it in a call
                 * @enum {string}
                 */
                source: "api" | "import" | "keypress" | "speech" | "agent" | "carrier";
                reason: string | null;
                /** @description The call it was asked for in */
                callId: string | null;
                /** @description null: the callee */
                createdBy: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @description false: released, the number may be called */
                active: boolean;
                /** @example 2025-11-01T10:00:00.000Z */
                releasedAt: string | null;
                releasedBy: string | null;
                releaseReason: string | null;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
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
  "/api/v1/do-not-call/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get entry
     * @description One entry, in force or released.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `dnc_123` or `123` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The entry */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example dnc_123 */
                _id: string;
                /** @example +919876543210 */
                phone: string;
                /**
                 * @description `keypress` and `speech`: the callee asked for it in a call
                 * @enum {string}
                 */
                source: "api" | "import" | "keypress" | "speech" | "agent" | "carrier";
                reason: string | null;
                /** @description The call it was asked for in */
                callId: string | null;
                /** @description null: the callee */
                createdBy: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @description false: released, the number may be called */
                active: boolean;
                /** @example 2025-11-01T10:00:00.000Z */
                releasedAt: string | null;
                releasedBy: string | null;
                releaseReason: string | null;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
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
  "/api/v1/do-not-call/{id}/release": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Release number
     * @description The number may be called again. The entry stays, with who released it and why. For owners, admins and managers.
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
          /** @description `dnc_123` or `123` */
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** @example Asked by e-mail */
            reason: string;
          };
        };
      };
      responses: {
        /** @description Released */
        200: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
              data: {
                /** @example dnc_123 */
                _id: string;
                /** @example +919876543210 */
                phone: string;
                /**
                 * @description `keypress` and `speech`: the callee asked for it in a call
                 * @enum {string}
                 */
                source: "api" | "import" | "keypress" | "speech" | "agent" | "carrier";
                reason: string | null;
                /** @description The call it was asked for in */
                callId: string | null;
                /** @description null: the callee */
                createdBy: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @description false: released, the number may be called */
                active: boolean;
                /** @example 2025-11-01T10:00:00.000Z */
                releasedAt: string | null;
                releasedBy: string | null;
                releaseReason: string | null;
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
        503: components["responses"]["Error503"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/retry/config/{agentId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get retry configuration
     * @description How often and after what pause the calls of an agent are tried again, by how they ended. `voicemail` and `abandoned` calls are not, unless they are configured. A campaign’s own settings come first.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `agent_123` or `123` */
          agentId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The configuration */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example agent_123 */
                agentId: string;
                retryConfig: {
                  no_answer: {
                    /**
                     * @description Dials in all, the first included
                     * @example 3
                     */
                    maxAttempts: number;
                    /**
                     * @description Milliseconds from the end of the first attempt to the first retry
                     * @example 300000
                     */
                    initialDelay: number;
                    /**
                     * @description Makes each further pause longer
                     * @example 2
                     */
                    backoffMultiplier: number;
                  };
                  busy: {
                    /**
                     * @description Dials in all, the first included
                     * @example 3
                     */
                    maxAttempts: number;
                    /**
                     * @description Milliseconds from the end of the first attempt to the first retry
                     * @example 300000
                     */
                    initialDelay: number;
                    /**
                     * @description Makes each further pause longer
                     * @example 2
                     */
                    backoffMultiplier: number;
                  };
                  failed: {
                    /**
                     * @description Dials in all, the first included
                     * @example 3
                     */
                    maxAttempts: number;
                    /**
                     * @description Milliseconds from the end of the first attempt to the first retry
                     * @example 300000
                     */
                    initialDelay: number;
                    /**
                     * @description Makes each further pause longer
                     * @example 2
                     */
                    backoffMultiplier: number;
                  };
                  voicemail?: {
                    /**
                     * @description Dials in all, the first included
                     * @example 3
                     */
                    maxAttempts: number;
                    /**
                     * @description Milliseconds from the end of the first attempt to the first retry
                     * @example 300000
                     */
                    initialDelay: number;
                    /**
                     * @description Makes each further pause longer
                     * @example 2
                     */
                    backoffMultiplier: number;
                  };
                  abandoned?: {
                    /**
                     * @description Dials in all, the first included
                     * @example 3
                     */
                    maxAttempts: number;
                    /**
                     * @description Milliseconds from the end of the first attempt to the first retry
                     * @example 300000
                     */
                    initialDelay: number;
                    /**
                     * @description Makes each further pause longer
                     * @example 2
                     */
                    backoffMultiplier: number;
                  };
                };
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    /**
     * Update retry configuration
     * @description Changes the outcomes and fields that are given; attempts that end from now on follow it. The first rule for `voicemail` or `abandoned` takes what is not given from the default of `no_answer`. With `maxAttempts` 1 nothing is tried again.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `agent_123` or `123` */
          agentId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            no_answer?: {
              /**
               * @description Dials in all, the first included
               * @example 3
               */
              maxAttempts?: number;
              /**
               * @description Milliseconds from the end of the first attempt to the first retry
               * @example 300000
               */
              initialDelay?: number;
              /**
               * @description Makes each further pause longer
               * @example 2
               */
              backoffMultiplier?: number;
            };
            busy?: {
              /**
               * @description Dials in all, the first included
               * @example 3
               */
              maxAttempts?: number;
              /**
               * @description Milliseconds from the end of the first attempt to the first retry
               * @example 300000
               */
              initialDelay?: number;
              /**
               * @description Makes each further pause longer
               * @example 2
               */
              backoffMultiplier?: number;
            };
            failed?: {
              /**
               * @description Dials in all, the first included
               * @example 3
               */
              maxAttempts?: number;
              /**
               * @description Milliseconds from the end of the first attempt to the first retry
               * @example 300000
               */
              initialDelay?: number;
              /**
               * @description Makes each further pause longer
               * @example 2
               */
              backoffMultiplier?: number;
            };
            voicemail?: {
              /**
               * @description Dials in all, the first included
               * @example 3
               */
              maxAttempts?: number;
              /**
               * @description Milliseconds from the end of the first attempt to the first retry
               * @example 300000
               */
              initialDelay?: number;
              /**
               * @description Makes each further pause longer
               * @example 2
               */
              backoffMultiplier?: number;
            };
            abandoned?: {
              /**
               * @description Dials in all, the first included
               * @example 3
               */
              maxAttempts?: number;
              /**
               * @description Milliseconds from the end of the first attempt to the first retry
               * @example 300000
               */
              initialDelay?: number;
              /**
               * @description Makes each further pause longer
               * @example 2
               */
              backoffMultiplier?: number;
            };
          };
        };
      };
      responses: {
        /** @description Updated */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/retry/pending": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List pending retries
     * @description Retries that wait for their moment, soonest first, page by page.
     */
    get: {
      parameters: {
        query?: {
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Results per page, 100 at most */
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of waiting retries */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example call_123 */
                _id: string;
                /** @example +919876543210 */
                toPhone: string;
                /** @description 1: the first retry */
                retryAttempt: number;
                /** @example 2025-11-01T10:00:00.000Z */
                nextRetryAt: string;
                /**
                 * @description How the attempt before it ended; null: none was dialed
                 * @example no_answer
                 */
                failureReason: string | null;
              }[];
              pagination: {
                total: number;
                page: number;
                limit: number;
                pages: number;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
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
  "/api/v1/retry/manual/{callId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Manual retry
     * @description Dials once more, now or as soon as the calling hours open, even when the configured attempts are used up; the answer says so. A retry that waits already is brought forward. 409 while an attempt is under way, after one was completed, and when the number is on the do-not-call list.
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
          /** @description `call_123` or `123`, of the call or any retry of it */
          callId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The retry that waits now */
        200: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
              data: {
                /** @example call_123 */
                _id: string;
                /** @example call_123 */
                originalCallId: string;
                retryAttempt: number;
                /** @enum {string} */
                status: "scheduled";
                /**
                 * @description Now, or when the calling hours open
                 * @example 2025-11-01T10:00:00.000Z
                 */
                scheduledFor: string;
                /** @description It is one dial more than the retry configuration allows */
                exceedsMaxAttempts: boolean;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        422: components["responses"]["Error422_2"];
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
  "/api/v1/scheduling/recurring": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Schedule recurring call
     * @description A call for every day of the pattern, at `time` by the wall clocks of `timezone`, also when these change: a time that is skipped comes as much later, one that comes twice counts once. Of runs that were missed only the latest is made up for.
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
             * @description Agent to use for the calls
             * @example agent_123
             */
            agentId: string;
            /**
             * @description Recipient, E.164
             * @example +919876543210
             */
            toPhone: string;
            /**
             * @description Weekly: on the weekday of `startDate`; monthly: on its day of the month, or on the last day of a month without it
             * @enum {string}
             */
            pattern: "daily" | "weekly" | "monthly";
            /**
             * @description HH:MM (24-hour) by the wall clocks of `timezone`
             * @example 10:00
             */
            time: string;
            /**
             * @description IANA name; default: the account’s
             * @example Asia/Kolkata
             */
            timezone?: string;
            /**
             * @description YYYY-MM-DD; default: today in that zone
             * @example 2025-11-01
             */
            startDate?: string;
            /**
             * @description YYYY-MM-DD, inclusive; default: it never ends
             * @example 2025-11-01
             */
            endDate?: string;
            /**
             * @description Respect business hours (9 AM - 6 PM, or the account’s): a run outside waits until they open
             * @default false
             */
            businessHoursOnly?: boolean;
            /** @description Additional context for the agent */
            context?: string;
            /**
             * @description Default: normal
             * @enum {string}
             */
            priority?: "high" | "normal" | "low";
          };
        };
      };
      responses: {
        /** @description Scheduled */
        201: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
              data: {
                /** @example schedule_123 */
                _id: string;
                /** @example agent_123 */
                agentId: string;
                /** @example +919876543210 */
                toPhone: string;
                /** @enum {string} */
                pattern: "daily" | "weekly" | "monthly";
                /** @example 10:00 */
                time: string;
                /** @example Asia/Kolkata */
                timezone: string;
                /** @description false when no run is left */
                isActive: boolean;
                /**
                 * @description The next run that is no call yet; a run becomes one a minute ahead. null: there is none
                 * @example 2025-11-01T10:00:00.000Z
                 */
                nextRunAt: string | null;
                /** @example 2025-11-01 */
                startDate: string;
                /**
                 * @description Inclusive; null: it never ends
                 * @example 2025-11-30
                 */
                endDate: string | null;
                businessHoursOnly: boolean;
                context: string | null;
                /** @enum {string} */
                priority: "high" | "normal" | "low";
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /**
                 * @description The last run that became a call; null: none did
                 * @example 2025-11-01T10:00:00.000Z
                 */
                lastRunAt: string | null;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
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
  "/api/v1/scheduling/list": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List scheduled calls
     * @description Recurring schedules that were not cancelled, the soonest next run first, those that are over last.
     */
    get: {
      parameters: {
        query?: {
          isActive?: boolean;
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Results per page, 100 at most */
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of schedules */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example schedule_123 */
                _id: string;
                /** @example agent_123 */
                agentId: string;
                /** @example +919876543210 */
                toPhone: string;
                /** @enum {string} */
                pattern: "daily" | "weekly" | "monthly";
                /** @example 10:00 */
                time: string;
                /** @example Asia/Kolkata */
                timezone: string;
                /** @description false when no run is left */
                isActive: boolean;
                /**
                 * @description The next run that is no call yet; a run becomes one a minute ahead. null: there is none
                 * @example 2025-11-01T10:00:00.000Z
                 */
                nextRunAt: string | null;
                /** @example 2025-11-01 */
                startDate: string;
                /**
                 * @description Inclusive; null: it never ends
                 * @example 2025-11-30
                 */
                endDate: string | null;
                businessHoursOnly: boolean;
                context: string | null;
                /** @enum {string} */
                priority: "high" | "normal" | "low";
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /**
                 * @description The last run that became a call; null: none did
                 * @example 2025-11-01T10:00:00.000Z
                 */
                lastRunAt: string | null;
              }[];
              pagination: {
                total: number;
                page: number;
                limit: number;
                pages: number;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
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
  "/api/v1/scheduling/recurring/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Cancel recurring schedule
     * @description For good, with those of its calls that nobody has begun to dial. A call that rings already goes on.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `schedule_123` or `123` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Cancelled */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/calling-hours": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get calling hours
     * @description The account’s own hours. A callee’s zone is that of the contact, the call, the number, the campaign, in this order.
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
        /** @description What is in force */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /**
                 * @description For callees whose zone nothing else tells
                 * @example Asia/Kolkata
                 */
                timezone: string;
                /**
                 * @description `campaigns`: a call asked for by itself dials at its time, whatever the hours; `all`: nothing dials outside them
                 * @enum {string}
                 */
                policy: "campaigns" | "all";
                /** @description Where the windows come from; null: own ones, or 9:00–18:00 every day */
                preset: {
                  /** @enum {string} */
                  name: "us" | "in";
                  version: number;
                  /**
                   * @description When this version was compared with its source
                   * @example 2025-11-01
                   */
                  date: string;
                  source: string;
                  description: string;
                } | null;
                windows: {
                  /** @description 1 is Monday, 7 is Sunday */
                  days: number[];
                  /** @example 09:00 */
                  start: string;
                  /**
                   * @description The first moment at which nothing rings any more; before `start`: on the next day
                   * @example 18:00
                   */
                  end: string;
                }[];
                /** @description Which calls these hours hold back, in words */
                appliesTo: string;
                holidays: string[];
                /** @description In `timezone` */
                isOpenNow: boolean;
                /**
                 * @description In `timezone`, to the second; the present when it is open; null: not within a year
                 * @example 2025-11-03T09:00:00+05:30
                 */
                nextOpenAt: string | null;
              };
            };
          };
        };
        401: components["responses"]["Error401"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    /**
     * Update calling hours
     * @description Changes the fields that are given; for owners, admins and managers. Hours that never open are refused.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @description For callees whose zone nothing else tells
             * @example Asia/Kolkata
             */
            timezone?: string;
            /**
             * @description `campaigns`: a call asked for by itself dials at its time, whatever the hours; `all`: nothing dials outside them
             * @enum {string}
             */
            policy?: "campaigns" | "all";
            /** @description Its windows; null: 9:00–18:00 again */
            preset?: ("us" | "in") | null;
            /** @description Own windows, in place of any preset’s */
            windows?: {
              /** @description 1 is Monday, 7 is Sunday */
              days: number[];
              /** @example 09:00 */
              start: string;
              /**
               * @description The first moment at which nothing rings any more; before `start`: on the next day
               * @example 18:00
               */
              end: string;
            }[];
            /** @description Days on which nothing rings */
            holidays?: string[];
          };
        };
      };
      responses: {
        /** @description What is in force now */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
              data: {
                /**
                 * @description For callees whose zone nothing else tells
                 * @example Asia/Kolkata
                 */
                timezone: string;
                /**
                 * @description `campaigns`: a call asked for by itself dials at its time, whatever the hours; `all`: nothing dials outside them
                 * @enum {string}
                 */
                policy: "campaigns" | "all";
                /** @description Where the windows come from; null: own ones, or 9:00–18:00 every day */
                preset: {
                  /** @enum {string} */
                  name: "us" | "in";
                  version: number;
                  /**
                   * @description When this version was compared with its source
                   * @example 2025-11-01
                   */
                  date: string;
                  source: string;
                  description: string;
                } | null;
                windows: {
                  /** @description 1 is Monday, 7 is Sunday */
                  days: number[];
                  /** @example 09:00 */
                  start: string;
                  /**
                   * @description The first moment at which nothing rings any more; before `start`: on the next day
                   * @example 18:00
                   */
                  end: string;
                }[];
                /** @description Which calls these hours hold back, in words */
                appliesTo: string;
                holidays: string[];
                /** @description In `timezone` */
                isOpenNow: boolean;
                /**
                 * @description In `timezone`, to the second; the present when it is open; null: not within a year
                 * @example 2025-11-03T09:00:00+05:30
                 */
                nextOpenAt: string | null;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/calling-hours/presets": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List presets of calling hours
     * @description Hours that laws and regulators give, with their source and version. Defaults, not legal advice.
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
        /** @description All of them */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @enum {string} */
                name: "us" | "in";
                version: number;
                /**
                 * @description When this version was compared with its source
                 * @example 2025-11-01
                 */
                date: string;
                source: string;
                description: string;
                windows: {
                  /** @description 1 is Monday, 7 is Sunday */
                  days: number[];
                  /** @example 09:00 */
                  start: string;
                  /**
                   * @description The first moment at which nothing rings any more; before `start`: on the next day
                   * @example 18:00
                   */
                  end: string;
                }[];
              }[];
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
  "/api/v1/knowledge-base": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List documents
     * @description Newest first.
     */
    get: {
      parameters: {
        query?: {
          /** @description `agent_123` or `123` */
          agentId?: string;
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Results per page, 100 at most */
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The documents */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example doc_123 */
                _id: string;
                /** @example Product Manual */
                title: string;
                /** @example manual.pdf */
                fileName: string;
                /** @example agent_123 */
                agentId: string;
                /**
                 * @description ready: the agent answers from it
                 * @enum {string}
                 */
                status: "processing" | "ready" | "failed";
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                category: string | null;
                /** @example application/pdf */
                mimeType: string;
                sizeBytes: number;
                /** @description Percent of the reading that is done */
                progress: number;
                /** @description Why it failed, in words */
                error: string | null;
                /** @description Passages that it was cut into; 0 until it is ready */
                vectorCount: number;
              }[];
              pagination: {
                total: number;
                page: number;
                limit: number;
                pages: number;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
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
  "/api/v1/knowledge-base/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get document
     * @description How far its reading is, or why it failed.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `doc_123` or `123` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The document */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example doc_123 */
                _id: string;
                /** @example Product Manual */
                title: string;
                /** @example manual.pdf */
                fileName: string;
                /** @example agent_123 */
                agentId: string;
                /**
                 * @description ready: the agent answers from it
                 * @enum {string}
                 */
                status: "processing" | "ready" | "failed";
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                category: string | null;
                /** @example application/pdf */
                mimeType: string;
                sizeBytes: number;
                /** @description Percent of the reading that is done */
                progress: number;
                /** @description Why it failed, in words */
                error: string | null;
                /** @description Passages that it was cut into; 0 until it is ready */
                vectorCount: number;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    /**
     * Delete document
     * @description With its passages and its file, also while it is being read. Transcripts keep the titles of what they were answered from.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `doc_123` or `123` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Deleted */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/knowledge-base/search": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Search knowledge base
     * @description The passages that answer a question best, as an agent finds them in a call: by words of any script, what means the same (English) and what is spelled alike, and by meaning where an embeddings endpoint is configured. The same text under the same heading is answered once, whichever documents have it.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** @example What is the return policy? */
            query: string;
            /** @description `agent_123` or `123`; without it all documents are searched */
            agentId?: string;
            /** @default 5 */
            limit?: number;
          };
        };
      };
      responses: {
        /** @description Best first */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                results: {
                  content: string;
                  /** @description How well the passage answers, 0 to 1, falling down the list. The share of the words asked that it has: rare words count more, a word that means the same half. Less where they stand apart, or where a passage above says more of them. 1: it has all that was asked, side by side. With embeddings, the likeness of its meaning where that is higher. */
                  score: number;
                  /** @example doc_123 */
                  documentId: string;
                  documentTitle: string;
                  /** @description What the passage stands under */
                  heading: string | null;
                  /** @description Of a PDF: the page that it stands on, from 1; only the end of its last sentence may be on the next */
                  page: number | null;
                }[];
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
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
  "/api/v1/stats": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get system stats
     * @description Calls, agents and queue of the account; how much of the last 30 days the api was up, from its own heartbeats.
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
        /** @description The numbers */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                calls: {
                  /** @description That ended, those cancelled or stopped before they were dialed aside */
                  total: number;
                  inbound: number;
                  outbound: number;
                  /** @description Percent completed of all that ended, those cancelled or stopped before they were dialed aside; 0 before any ended */
                  successRate: number;
                };
                agents: {
                  total: number;
                  active: number;
                };
                queue: {
                  /** @description Due and not dialed yet */
                  waiting: number;
                  /** @description At the carrier now */
                  active: number;
                };
                /**
                 * @description null before the first heartbeat
                 * @example 99.95%
                 */
                uptime: string | null;
                version: string;
              };
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
  "/api/v1/scheduling/stats": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get queue statistics
     * @description The account’s calls by where they are. `scheduledCalls`: those that wait for a later moment, and the coming runs of active recurring schedules, which become calls a minute ahead (each counted once; of more than 10,000 different schedules the soonest).
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
        /** @description The numbers */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                queue: {
                  waiting: number;
                  active: number;
                  completed: number;
                  failed: number;
                };
                scheduledCalls: {
                  next24Hours: number;
                  nextWeek: number;
                };
              };
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
  "/api/v1/analytics/calls": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get call analytics
     * @description What became of calls. Calls count by the moment in which they ended, inbound ones too; cancelled ones do not, nor those that were stopped before they were dialed, as for a number on the do-not-call list. Dates without an offset are local time of the account, and the range reaches over ten years at most. It is widened to whole quarters of an hour; an end at which one begins leaves that out, so that a range that begins there has no call in common with it. Who has the role agent sees their own.
     */
    get: {
      parameters: {
        query: {
          /**
           * @description ISO 8601, inclusive
           * @example 2025-11-01T00:00:00Z
           */
          startDate: string;
          /**
           * @description ISO 8601, inclusive; a day without a time is all of that day
           * @example 2025-11-30
           */
          endDate: string;
          /**
           * @description `12` or `agent_12`
           * @example 12
           */
          agentId?: string;
          /** @description Default: day */
          groupBy?: "day" | "week" | "month";
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The figures */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                summary: {
                  /** @description Calls that ended */
                  totalCalls: number;
                  /** @description Completed */
                  successfulCalls: number;
                  /** @description Ended in any other way */
                  failedCalls: number;
                  /** @description Percent completed of all, to one decimal; 0 where there is none */
                  successRate: number;
                  /** @description Seconds, of completed calls; 0 where there is none */
                  averageDuration: number;
                };
                byStatus: {
                  completed: number;
                  no_answer: number;
                  busy: number;
                  failed: number;
                  /** @description An answering machine took it */
                  voicemail: number;
                  /** @description Somebody answered and no person was free to talk */
                  abandoned: number;
                };
                /** @description Every day, week or month that the range touches, in the account’s zone; of the first and the last only what the range holds */
                byDate: {
                  /**
                   * @description YYYY-MM-DD: the day, the Monday of the week, the first of the month
                   * @example 2025-11-01
                   */
                  date: string;
                  calls: number;
                  /** @description Percent completed of these, to one decimal; 0 where there is none */
                  successRate: number;
                }[];
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
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
  "/api/v1/analytics/agents/{agentId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get agent performance
     * @description How one agent did, also one that was deleted. Calls count by the moment in which they ended, inbound ones too; cancelled ones do not, nor those that were stopped before they were dialed, as for a number on the do-not-call list. Dates without an offset are local time of the account, and the range reaches over ten years at most. It is widened to whole quarters of an hour; an end at which one begins leaves that out, so that a range that begins there has no call in common with it. Who has the role agent sees their own.
     */
    get: {
      parameters: {
        query: {
          /**
           * @description ISO 8601, inclusive
           * @example 2025-11-01T00:00:00Z
           */
          startDate: string;
          /**
           * @description ISO 8601, inclusive; a day without a time is all of that day
           * @example 2025-11-30
           */
          endDate: string;
        };
        header?: never;
        path: {
          /** @description `agent_123` or `123` */
          agentId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The figures */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example agent_123 */
                agentId: string;
                /** @example Customer Support Agent */
                agentName: string;
                /** @description Calls that ended */
                totalCalls: number;
                /** @description Percent completed of all, to one decimal; 0 where there is none */
                successRate: number;
                /** @description Seconds, of completed calls; 0 where there is none */
                averageDuration: number;
                /** @description Percent of all that an answering machine took, to one decimal; 0 where there is none */
                voicemailDetectionRate: number;
                /** @description Percent completed of those that were retries, to one decimal; 0 where there is none */
                retrySuccessRate: number;
                /** @description How the others ended, the most frequent first */
                topFailureReasons: {
                  /** @example no_answer */
                  reason: string;
                  count: number;
                }[];
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
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
  "/api/v1/analytics/costs": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get cost analytics
     * @description What calls were charged, by component and by agent. Calls count by the moment in which they ended, inbound ones too; cancelled ones do not, nor those that were stopped before they were dialed, as for a number on the do-not-call list. Dates without an offset are local time of the account, and the range reaches over ten years at most. It is widened to whole quarters of an hour; an end at which one begins leaves that out, so that a range that begins there has no call in common with it. For the role manager and above.
     */
    get: {
      parameters: {
        query: {
          /**
           * @description ISO 8601, inclusive
           * @example 2025-11-01T00:00:00Z
           */
          startDate: string;
          /**
           * @description ISO 8601, inclusive; a day without a time is all of that day
           * @example 2025-11-30
           */
          endDate: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The figures */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @description What the calls were charged, in the account’s money */
                totalCost: number;
                /** @description Of every call that ended, in the account’s money */
                costPerCall: number;
                breakdown: {
                  /** @description Speech to text, in the account’s money */
                  stt: number;
                  /** @description Language model, in the account’s money */
                  llm: number;
                  /** @description Text to speech, in the account’s money */
                  tts: number;
                  /** @description The phone company’s part, whichever it was: `carriers` has it by company, in the account’s money */
                  exotel: number;
                };
                /**
                 * @description The phone companies’ part by company
                 * @example {
                 *       "exotel": 500.5
                 *     }
                 */
                carriers: {
                  [key: string]: number;
                };
                /** @description The costliest first, 1000 at most */
                byAgent: {
                  /** @example agent_123 */
                  agentId: string;
                  /** @example Customer Support Agent */
                  agentName: string;
                  /** @description Of its calls, in the account’s money */
                  totalCost: number;
                  calls: number;
                }[];
              };
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
  "/api/v1/bulk/import/validate": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Validate CSV
     * @description Judges every row and writes nothing. Form fields: `file`, a CSV file; `skipHeader`, `true` when the first row is no call. A header with our column names is recognised by itself; `,`, `;`, tab and `|` are understood as delimiters.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "multipart/form-data": {
            /**
             * Format: binary
             * @description CSV file
             */
            file: Blob;
            /** @description The first row is no call */
            skipHeader?: boolean;
          };
        };
      };
      responses: {
        /** @description The verdict */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
              data: {
                totalRows: number;
                validRows: number;
                invalidRows: number;
                /** @description The first 100 */
                errors: {
                  /** @description Line of the file, the header included */
                  row: number;
                  error: string;
                }[];
                /** @description Valid, but look at them */
                warningRows: number;
                /** @description The first 100 */
                warnings: {
                  row: number;
                  warning: string;
                }[];
                /** @description The first 5 rows */
                preview: {
                  phoneNumber: string;
                  agentId: string;
                  scheduledFor: string | null;
                }[];
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
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
  "/api/v1/bulk/import": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Import CSV
     * @description Every good row becomes a call, in the background. Form fields: `file`, a CSV file; `skipHeader`, `true` when the first row is no call. A header with our column names is recognised by itself; `,`, `;`, tab and `|` are understood as delimiters. `autoSchedule` false keeps the calls unscheduled. The same file sent twice asks for its calls twice, unless both have the same `Idempotency-Key`.
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
          "multipart/form-data": {
            /**
             * Format: binary
             * @description CSV file
             */
            file: Blob;
            /** @description The first row is no call */
            skipHeader?: boolean;
            /** @default true */
            autoSchedule?: boolean;
          };
        };
      };
      responses: {
        /** @description Accepted */
        202: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
              data: {
                /** @example import_123 */
                importId: string;
                totalRows: number;
                /** @enum {string} */
                status: "processing";
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
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
  "/api/v1/do-not-call/bulk": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Add many numbers
     * @description Up to 10000 numbers as JSON, or a CSV file of up to 100000 with a column `phoneNumber` or `phone`, or with only one column. Every good number is listed and every bad one reported. Should it fail half-way, send it again: what is listed stays so.
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
             * @description E.164
             * @example [
             *       "+919876543210"
             *     ]
             */
            phones: string[];
            /** @example Asked by e-mail */
            reason?: string;
          };
          "multipart/form-data": {
            /**
             * Format: binary
             * @description CSV file
             */
            file: Blob;
            /** @example Asked by e-mail */
            reason?: string;
          };
        };
      };
      responses: {
        /** @description What became of them */
        200: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
              data: {
                added: number;
                /** @description On the list before, or earlier in the same request */
                alreadyListed: number;
                /** @description The first 100. `row` is the place in `phones`, or the line of the file, counted from 1 */
                rejected: {
                  row: number;
                  phone: string;
                  reason: string;
                }[];
                rejectedCount: number;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
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
  "/api/v1/knowledge-base/upload": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Upload document
     * @description A PDF, DOCX, TXT or MD file of at most 20971520 bytes and 5000000 letters, a PDF also of at most 2000 pages; its content must be what its type and its name say. It is read in the background: `status` tells when it is ready, or failed.
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
          "multipart/form-data": {
            /**
             * Format: binary
             * @description PDF, DOCX, TXT or MD; texts in UTF-8, or UTF-16 with a byte order mark
             */
            file: Blob;
            /** @description `agent_123` or `123` */
            agentId: string;
            /** @description Default: the name of the file */
            title?: string;
            category?: string;
          };
        };
      };
      responses: {
        /** @description Accepted */
        201: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
              data: {
                /** @example doc_123 */
                _id: string;
                /** @example Product Manual */
                title: string;
                /** @example manual.pdf */
                fileName: string;
                /** @example agent_123 */
                agentId: string;
                /**
                 * @description ready: the agent answers from it
                 * @enum {string}
                 */
                status: "processing" | "ready" | "failed";
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                category: string | null;
                /** @example application/pdf */
                mimeType: string;
                sizeBytes: number;
                /** @description Percent of the reading that is done */
                progress: number;
                /** @description Why it failed, in words */
                error: string | null;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        409: components["responses"]["Error409"];
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
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: never;
  responses: {
    /** @description The query, the path or the JSON itself cannot be read (`VALIDATION_ERROR`) */
    Error400: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          message: string;
          error: {
            code: string;
            /** @description A sentence that names the field at fault, if one is */
            details: string;
          };
        };
      };
    };
    /** @description No, a bad (`UNAUTHORIZED`) or an expired token (`TOKEN_EXPIRED`) */
    Error401: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          message: string;
          error: {
            code: string;
            /** @description A sentence that names the field at fault, if one is */
            details: string;
          };
        };
      };
    };
    /** @description It exists already (`DUPLICATE_RESOURCE`) or its state does not allow this (`CONFLICT`) */
    Error409: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          message: string;
          error: {
            code: string;
            /** @description A sentence that names the field at fault, if one is */
            details: string;
          };
        };
      };
    };
    /** @description The request is too large (`PAYLOAD_TOO_LARGE`) */
    Error413: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          message: string;
          error: {
            code: string;
            /** @description A sentence that names the field at fault, if one is */
            details: string;
          };
        };
      };
    };
    /** @description Not JSON (`UNSUPPORTED_MEDIA_TYPE`) */
    Error415: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          message: string;
          error: {
            code: string;
            /** @description A sentence that names the field at fault, if one is */
            details: string;
          };
        };
      };
    };
    /** @description A field of the body is wrong (`VALIDATION_ERROR`, `INVALID_PHONE_NUMBER`, `INVALID_AGENT_ID`) */
    Error422: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          message: string;
          error: {
            code: string;
            /** @description A sentence that names the field at fault, if one is */
            details: string;
          };
        };
      };
    };
    /** @description Over the limit (`RATE_LIMIT_EXCEEDED`); `Retry-After` says for how many seconds */
    Error429: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          message: string;
          error: {
            code: string;
            /** @description A sentence that names the field at fault, if one is */
            details: string;
          };
        };
      };
    };
    /** @description Our fault (`INTERNAL_SERVER_ERROR`) */
    Error500: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          message: string;
          error: {
            code: string;
            /** @description A sentence that names the field at fault, if one is */
            details: string;
          };
        };
      };
    };
    /** @description The database or the carrier is away (`SERVICE_UNAVAILABLE`) */
    Error503: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          message: string;
          error: {
            code: string;
            /** @description A sentence that names the field at fault, if one is */
            details: string;
          };
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
          /** @enum {boolean} */
          success: false;
          message: string;
          error: {
            code: string;
            /** @description A sentence that names the field at fault, if one is */
            details: string;
          };
        };
      };
    };
    /** @description There is no such thing, or it belongs to somebody else (`NOT_FOUND`) */
    Error404: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          message: string;
          error: {
            code: string;
            /** @description A sentence that names the field at fault, if one is */
            details: string;
          };
        };
      };
    };
    /** @description `Idempotency-Key` was used for another request */
    Error422_2: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          message: string;
          error: {
            code: string;
            /** @description A sentence that names the field at fault, if one is */
            details: string;
          };
        };
      };
    };
    /** @description Not allowed to this user (`FORBIDDEN`) */
    Error403: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          message: string;
          error: {
            code: string;
            /** @description A sentence that names the field at fault, if one is */
            details: string;
          };
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
